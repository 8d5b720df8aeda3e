"""settings.toml of a layout: what differs from the contract's rules, and hints about its files.

- `earliest_date`: earlier dates are excluded as mistakes (default: contract.EARLIEST).
- `header_hint`: what to do when the first line of a file is not a header.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data import regular
from data.contract import EARLIEST
from data.errors import RefusedError
from data.sentences import validation_sentences

FILE = "settings.toml"


class Settings(BaseModel):
    """The settings of a layout."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    earliest_date: date = EARLIEST
    header_hint: str = ""


def read(folder: Path) -> Settings:
    """Return the settings of the layout in a folder, or the defaults if it has no settings.toml.

    Raises:
        RefusedError: The file has mistakes, with one sentence for each.
    """
    path, label = folder / FILE, f"{FILE} of the layout {folder.resolve().name}"
    if not path.exists() and not path.is_symlink():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(regular.read_text(path, label)))
    except tomllib.TOMLDecodeError:
        raise RefusedError(
            [f"{label} is not valid TOML. Write one name = value per line, with text in quotation marks."]
        ) from None
    except ValidationError as error:
        raise RefusedError(validation_sentences(error, label)) from None
