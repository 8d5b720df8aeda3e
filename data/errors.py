"""The two errors that end a command, the exit codes, and how sentences quote values: masked, so that no message identifies a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.masking import masked

ACCEPTED, REFUSED, WRONG_USE, STOPPED = 0, 1, 2, 130  # exit codes


class RefusedError(Exception):
    """Something cannot be accepted. `faults` has one sentence for each reason. Exit code 1."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = [masked(fault) for fault in faults]
        super().__init__(" ".join(self.faults))


class UsageError(Exception):
    """The command is wrong as given, such as a missing file, an unknown layout or an invalid date. Exit code 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(masked(sentence))


def shown(value: object, longest: int = 60) -> str:
    """Quote a value in a sentence: on one line, printable, shortened, and with personal data masked."""
    text = "".join(letter if letter.isprintable() else " " for letter in masked(str(value)))
    text = masked(" ".join(text.split()))
    return f"“{text[: longest - 1]}…”" if len(text) > longest else f"“{text}”"


def listed(items: Iterable[str], most: int = 5) -> str:
    """Join items for a sentence: the first `most` of them, and how many more there are."""
    every = list(items)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more:,} more" if more > 0 else "")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return a count with its noun: `1 row`, `1,204 rows`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def first_line(error: BaseException) -> str:
    """Return the first line of an engine's message, without its class name and masked: engines quote the rows they fail on."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    head, separator, rest = line.partition(": ")
    return masked(rest if separator and head.endswith("Error") and rest else line)


def log_line(error: BaseException) -> str:
    """Return the first line of an engine's message for the log, without anything it quotes, which may be a resident's row."""
    return f"{type(error).__name__}: " + re.sub(r"(['\"]).*\1|Original Line.*", "…", first_line(error))[:300]
