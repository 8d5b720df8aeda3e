"""The first entry of a backup: its list of deliveries, and its files with their digests."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

CONTENTS = "backup.json"


class File(BaseModel):
    """A file's size and digest."""

    bytes: int
    sha256: str


class Contents(BaseModel):
    """The first entry of a backup: the store's list, and its files by path."""

    kind: Literal["Connecticut workforce dashboard: backup of a store"] = (
        "Connecticut workforce dashboard: backup of a store"
    )
    made_at: str
    delivery_list: dict[str, object] = Field(alias="list")
    files: dict[str, File]
