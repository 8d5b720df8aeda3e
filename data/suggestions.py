"""Suggest the contract's column for another header, and the contract's value for another word.

A suggestion is shown to a person or drafted into a layout for review. It is never used as the value itself.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Container, Iterable, Mapping
from functools import cache
from pathlib import Path

from data.column_map import key
from data.column_names import plain
from data.contract import Table

FILE = Path(__file__).parent / "synonyms.toml"
_CLOSE = 0.8


@cache
def _synonyms() -> Mapping[str, Mapping[str, str]]:
    """Return synonyms in the form in which they are compared, with what they mean, for columns and each closed list."""
    every = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lists = {"columns": every["columns"], **every["values"]}
    return {
        name: {key(word): meant for meant, others in words.items() for word in (meant, *others)}
        for name, words in lists.items()
    }


def columns(headers: Iterable[str], table: Table) -> dict[str, str]:
    """Suggest a column for each header that is not one of the table's, by header. Each column is suggested at most once."""
    given = list(headers)
    known = {column.name for column in table.columns}
    lacking = [name for name in known if name not in map(plain, given)]
    pairs: list[tuple[float, str, str]] = []
    for header in given:
        for name in lacking if plain(header) not in known else ():
            if (closeness := _closeness(header, name)) >= _CLOSE:
                pairs.append((closeness, header, name))
    chosen: dict[str, str] = {}
    for _, header, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if header not in chosen and name not in chosen.values():
            chosen[header] = name
    return chosen


def is_word_for(header: str, columns: Container[str]) -> bool:
    """Return whether a header is a synonym for one of these columns."""
    return _synonyms()["columns"].get(key(header)) in columns


def _closeness(header: str, column: str) -> float:
    """Return how similar a header is to a column, from 0 to 1."""
    given, wanted = key(header), key(column)
    if given == wanted:
        return 1.0
    if _synonyms()["columns"].get(given) == column:
        return 0.99
    words, sought = set(header.lower().replace("_", " ").split()), set(column.split("_"))
    holds = sought <= words and len(words) <= len(sought) + 2
    return max(0.9 if holds else 0.0, difflib.SequenceMatcher(None, given, wanted).ratio())


def value(given: str, vocabulary: str, known: Iterable[str]) -> str | None:
    """Return the known name that a word may stand for; None if nothing is similar."""
    names = {key(name): name for name in known}
    meant = _synonyms().get(vocabulary, {}).get(key(given))
    if meant is not None and meant in names.values():
        return meant
    close = difflib.get_close_matches(key(given)[:80], names, n=1, cutoff=0.75)
    return names[close[0]] if close else None
