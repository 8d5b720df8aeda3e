"""What a file's name says: its table, its format, and which table a similar name may mean."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from data.errors import shown

Kind = Literal["parquet", "csv", "workbook", "zip", "other"]

PARQUET = (".parquet", ".parq", ".pq")
TEXT = (".csv", ".tsv", ".txt")
WORKBOOK = (".xlsx", ".xlsm")
ZIP = (".zip",)
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(PARQUET, "parquet"),
    **dict.fromkeys(TEXT, "csv"),
    **dict.fromkeys(WORKBOOK, "workbook"),
    **dict.fromkeys(ZIP, "zip"),
}
# Files that systems leave next to what people send. They are skipped without a notice.
_SYSTEM = re.compile(
    r"\.ds_store|thumbs\.db|desktop\.ini|_success|_metadata|_common_metadata|_committed_\d+|_started_\d+|.*\.crc|~\$.*"
    r"|\.~lock\..*|\._.*|__macosx"
)

_LONGEST_LABEL = 160


@dataclass(frozen=True)
class Entry:
    """A file or folder of a delivery, under its sender's name for it (`part-1.csv in exports.zip`).

    `key` is matched to tables: the name in lower case without its endings.
    """

    path: Path
    name: str
    container: str = ""

    @property
    def label(self) -> str:
        """The name in sentences."""
        return self.name + (f" in {self.container}" if self.container else "")

    @property
    def kind(self) -> Kind:
        """The file format that the name promises, compressed or not."""
        return split(self.name)[1]

    @property
    def key(self) -> str:
        """The name without folders and endings, in lower case."""
        return split(self.name)[0]

    @property
    def is_packed(self) -> bool:
        """Whether the name says that the file is compressed with gzip."""
        return self.name.lower().endswith(".gz")

    @property
    def is_system(self) -> bool:
        """Whether a system left the file, such as .DS_Store or _SUCCESS."""
        return any(_SYSTEM.fullmatch(part) for part in self.name.lower().split("/"))

    @property
    def is_hidden(self) -> bool:
        """Whether the name starts with a dot or an underscore."""
        return self.name.rpartition("/")[2].startswith((".", "_"))


def split(name: str) -> tuple[str, Kind]:
    """Split a file's name into its key and its kind: `Funding.CSV.gz` is (`funding`, `csv`)."""
    lower = name.rpartition("/")[2].lower().removesuffix(".gz")
    for suffix, kind in _KINDS.items():
        if lower.endswith(suffix):
            key = lower.removesuffix(suffix)
            return (split(key)[0] if kind == "zip" else key), kind
    return lower, "other"


def meant(name: str, tables: Iterable[str]) -> str | None:
    """Return the table that a similar name may mean, such as `Enrollments (1)` or `enrolment_final`."""
    words = re.findall(r"[a-z]+", name.lower())
    candidates = [*words, *(first + second for first, second in itertools.pairwise(words))]
    known = list(tables)
    return next((close[0] for word in candidates if (close := difflib.get_close_matches(word, known, 1, 0.8))), None)


def unread(entries: Iterable[Entry], tables: Iterable[str] = ()) -> list[str]:
    """Return notices about every file that was not read, with the table that its name may mean."""
    known = list(tables)
    rest: list[str] = []
    sentences = []
    for entry in entries:
        table = meant(entry.name, known)
        if entry.is_system:
            continue
        if table is None:
            rest.append(shown(entry.label, _LONGEST_LABEL))
        else:
            sentences.append(f"Not read: {shown(entry.label, _LONGEST_LABEL)}. If it is the table {table}, {_what_to_do(entry, table)} and"
                             " send the delivery again.")  # fmt: skip
    return [*sentences, f"Not read: {', '.join(rest)}."] if rest else sentences


def _what_to_do(entry: Entry, table: str) -> str:
    """Return what makes a file the table that its name may mean."""
    ending = _ending(entry)
    if not ending:
        return f"save it as {table}.csv or {table}.xlsx"
    if entry.key != table:
        return f"rename it {table}{ending}"
    return "unpack it" if entry.kind == "zip" else "move it out of its folder"


def _ending(entry: Entry) -> str:
    """Return the ending that a file must keep; empty for a format that no table can have."""
    if entry.kind == "other":
        return ""
    lower = entry.name.lower()
    return next(s for s in _KINDS if lower.removesuffix(".gz").endswith(s)) + (".gz" if entry.is_packed else "")
