"""The two ways this package says no, and how a value is quoted in a sentence: masked, as nothing here may name a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.masking import masked


class Refused(Exception):
    """Something cannot be accepted: `faults` holds one clear sentence for each reason. Exit code 1."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = [masked(fault) for fault in faults]
        super().__init__(" ".join(self.faults))


class WrongUse(Exception):
    """The command cannot mean anything as it was given: no such file, no such layout, no such date. Exit code 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(masked(sentence))


def shown(value: object, longest: int = 60) -> str:
    """A value as a sentence quotes it: one line, printable, shortened in the middle of nothing, with what could
    identify a person masked."""
    text = "".join(letter if letter.isprintable() else " " for letter in masked(str(value)))
    text = masked(" ".join(text.split()))
    return f"“{text[: longest - 1]}…”" if len(text) > longest else f"“{text}”"


def listed(items: Iterable[str], most: int = 5) -> str:
    """Items joined for a sentence, the first `most` of them, and how many more there are."""
    every = list(items)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more:,} more" if more > 0 else "")


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 row`, `1,204 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def first_line(error: BaseException) -> str:
    """The first line of an engine's message, without its class name, masked: engines quote the rows they stumble over."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    head, found, rest = line.partition(": ")
    return masked(rest if found and head.endswith("Error") and rest else line)


def log_line(error: BaseException) -> str:
    """The first line of an engine's message for the log, without anything it quotes: that may be a resident's row."""
    return f"{type(error).__name__}: " + re.sub(r"(['\"]).*\1|Original Line.*", "…", first_line(error))[:300]
