"""Column names: how they are compared, and what can be wrong with the columns of a table's files."""

from __future__ import annotations

import re

from data.errors import listed
from data.examining import TableFiles

_INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060]")


def plain(name: str) -> str:
    """Return a column name in the form in which it is compared: trimmed, lower case, single spaces."""
    return " ".join(_INVISIBLE.sub("", name).split()).lower()


def in_words(names: set[str] | list[str]) -> str:
    """Return `column a` or `columns a, b`. A set is sorted."""
    ordered = sorted(names) if isinstance(names, set) else names
    return f"{'column' if len(ordered) == 1 else 'columns'} {listed(ordered, 12)}"


def faults(files: TableFiles, hint: str = "") -> list[str]:
    """Return faults for columns that are repeated, or that differ between the parts of a table.

    Args:
        files: The files of the table.
        hint: What to do about a first line that is not a header.
    """
    return _headerless(files, hint) or [*_repeated(files), *_unequal(files)]


def _headerless(files: TableFiles, hint: str) -> list[str]:
    """Return faults for files without a header. The line is not quoted, because it may be a resident's row."""
    return [
        f"{files.name}: the first line of {part.label} has none of the expected columns. Is it a"
        f" header?{f' {hint}' if hint else ''}"
        for part in files.parts
        if part.text and not part.text.header.is_known
    ]


def _repeated(files: TableFiles) -> list[str]:
    faults = []
    for part in files.parts:
        names = [plain(name) for name in part.columns if plain(name)]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            faults.append(f"{files.name}: {part.label} has the column {listed(repeated)} more than once.")
    return faults


def _unequal(files: TableFiles) -> list[str]:
    """Return faults for parts without a column that other parts have. Their rows would read as if it were empty."""
    has = {part: {plain(name) for name in part.columns if plain(name)} for part in files.parts}
    every = set[str]().union(*has.values())
    return [
        f"{files.name}: the part {part.label} lacks the {in_words(every - names)} that other parts have."
        for part, names in has.items()
        if every - names
    ]
