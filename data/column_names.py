"""The names of columns: how they are matched, and what is wrong with the columns of a table's files."""

from __future__ import annotations

import re

from data.errors import listed
from data.examining import TableFiles

_INVISIBLE = re.compile("[\ufeff\u200b-\u200d\u2060]")


def plain(name: str) -> str:
    """A column name as it is matched: trimmed, lower case, whatever white space it came in."""
    return " ".join(_INVISIBLE.sub("", name).split()).lower()


def in_words(names: set[str] | list[str]) -> str:
    """Return `column a` or `columns a, b`, sorted where they have no order."""
    ordered = sorted(names) if isinstance(names, set) else names
    return f"{'column' if len(ordered) == 1 else 'columns'} {listed(ordered, 12)}"


def faults(files: TableFiles, hint: str = "") -> list[str]:
    """Return the sentences that say why the columns of a table's files cannot be told apart or put together.

    Args:
        files: The files of the table.
        hint: What to do about a first line that is no header.
    """
    return _headerless(files, hint) or [*_repeated(files), *_unequal(files)]


def _headerless(files: TableFiles, hint: str) -> list[str]:
    """Its cells are not quoted: without a header, the first line is a resident's."""
    return [
        f"{files.name}: none of the expected columns is in the first line of {part.label}: is its first line"
        f" a header?{f' {hint}' if hint else ''}"
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
    """Parts that lack a column which others have: their rows would read as if it were empty."""
    has = {part: {plain(name) for name in part.columns if plain(name)} for part in files.parts}
    every = set[str]().union(*has.values())
    return [
        f"{files.name}: the part {part.label} lacks {in_words(every - names)} that the other parts have."
        for part, names in has.items()
        if every - names
    ]
