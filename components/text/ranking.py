"""Say which row is largest, and only where that is so: not among equals, and not where a hidden row could be larger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from components.text import prose
from components.text.format import format_value, known, people
from components.text.period_labels import period_label
from components.text.scope_words import filters
from queries.access.rights import WITHHELD
from queries.models import Answer, Row

MOST_NAMES = 3  # of rows with the same value


def leaders(answer: Answer) -> list[Row]:
    """Return the rows that share the largest value, as a reader sees it."""
    rows = prose.ranked(answer)
    return _equal(answer, rows, rows[0]) if rows else []


def of_those_shown(answer: Answer) -> str:
    """Return ", of those shown" where rows are hidden, which could be larger than the largest shown; else ""."""
    return ", of those shown" if prose.hidden_rows(answer) else ""


def most(answer: Answer, noun: str, *, of: str) -> str:
    """State which row is largest: "Most residents enrolled in Eastern: Groton and Norwich, with 142 each"."""
    rows = leaders(answer)
    if not rows:
        return f"Hidden for privacy by {noun}" if prose.hidden_rows(answer) else f"No {noun} has {of} to show yet"
    shown = of_those_shown(answer)
    if not rows[0].value:
        return f"No {noun}{' shown' if shown else ''} has {of} yet"
    names = _join(rows, lambda row: row.key) + (f" {prose.noun(2, noun)}" if len(rows) > MOST_NAMES else "")
    count = f"with {people(rows[0].value)}{' each' if len(rows) > 1 else ''}"
    if len(rows) == len(answer.rows):
        return f"{prose.capital(of)} by {noun}: {'only ' if len(rows) == 1 else ''}{names}, {count}"
    recorded = ", of those recorded" if _is_unrecorded_larger(answer, rows[0]) else ""
    return f"Most {of}: {names}, {count}{recorded}{shown}"


def busiest(by_quarter: Answer, noun: str, what: str) -> str:
    """State in which quarter most happened. what: the counts, for where no quarter has most."""
    rows, shown = leaders(by_quarter), of_those_shown(by_quarter)
    if len(rows) != 1 or len(prose.ranked(by_quarter)) < 2 or not rows[0].value:
        return f"{what} by quarter{filters(by_quarter)}"
    count = prose.plural(rows[0].value, noun)
    return f"Busiest quarter{filters(by_quarter)}: {period_label(rows[0].key)}, with {count}{shown}"


def first_of(answer: Answer, noun: str, limit: int) -> str:
    """Say how many rows a chart draws, where it does not draw all: ", the ten largest of 31"; else "". "Not recorded" is none."""
    count = sum(not prose.is_unrecorded(row) for row in answer.rows)
    if count <= limit:
        return ""
    shown = " shown" if prose.hidden_rows(answer) else ""
    return f", the {'ten' if limit == 10 else 'twelve' if limit == 12 else limit} largest{shown} of {people(count)} {prose.noun(2, noun)}"


def most_and_fewest(answer: Answer, categories: Sequence[str] = (), *, numbers: bool = False) -> str:
    """Say where a count is largest and smallest: "most in Healthcare, fewest in Green jobs".

    Ties are named. Rows hidden from this reader may be the smallest, so then only the largest is named. A category without a
    row has nobody, so then the text says so instead of naming the smallest row.

    Args:
        answer: Counts by a breakdown.
        categories: Every key the breakdown can have.
        numbers: Whether to write the counts.
    """
    rows = prose.ranked(answer)
    if not rows:
        return "the numbers are hidden for privacy" if prose.hidden_rows(answer) else "there is nothing to compare yet"

    def name(row: Row) -> str:
        return f"{row.key} ({format_value(row.value, answer.measure.unit)})" if numbers else row.key

    if any(row.note == WITHHELD for row in answer.rows):
        return f"{prose.join([name(row) for row in rows])}; the others are {WITHHELD}"
    top, bottom = leaders(answer), _equal(answer, rows, rows[-1])
    start = "of those recorded, " if _has_unrecorded(answer) else ""
    if prose.hidden_rows(answer):
        return f"{start}most in {_join(top, name)}{of_those_shown(answer)}"
    absent = [key for key in categories if answer.row(key) is None]
    listed = prose.join(absent) if len(absent) <= MOST_NAMES else f"{prose.in_words(len(absent))} others"
    none = f"none in {listed}" if absent else ""
    if len(rows) == 1:
        return f"{start}all in {name(rows[0])}"
    if len(top) == len(rows):
        names = _join(rows, lambda row: row.key)
        count = f"{format_value(rows[0].value, answer.measure.unit)} each" if numbers else "the same number"
        same = f"{start}{'all ' if len(rows) > MOST_NAMES else ''}{names} have {count}"
        return f"{same}, {none}" if none else same
    last = none or f"fewest in {_join(bottom, name, others=True)}"
    return f"{start}most in {_join(top, name)}, {last}"


def _equal(answer: Answer, rows: Sequence[Row], to: Row) -> list[Row]:
    """Return the rows whose value reads the same."""
    text = format_value(to.value, answer.measure.unit)
    return [row for row in rows if format_value(row.value, answer.measure.unit) == text]


def _join(rows: Sequence[Row], name: Callable[[Row], str], *, others: bool = False) -> str:
    """Name rows with the same value, or count them where they are many: "four", "four others"."""
    if len(rows) <= MOST_NAMES:
        return prose.join([name(row) for row in rows])
    return f"{prose.in_words(len(rows))}{' others' if others else ''}"


def _is_unrecorded_larger(answer: Answer, top: Row) -> bool:
    """Return whether more are counted without a category than in the largest, so that their bar is the longest."""
    return any(prose.is_unrecorded(row) and known(row.value) and row.value > (top.value or 0) for row in answer.rows)


def _has_unrecorded(answer: Answer) -> bool:
    """Return whether some are counted without a category."""
    return any(prose.is_unrecorded(row) and (row.value or not known(row.value)) for row in answer.rows)
