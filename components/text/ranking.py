"""Say which row is largest, and only where that is so: not among equals, and not where a hidden row could be larger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from components.text import prose
from components.text.format import format_value, known, people
from components.text.period_labels import period_label
from components.text.scope_words import filters
from components.url_state import shortened
from queries.access.rights import WITHHELD
from queries.models import Answer, AnswerStatus, Row
from queries.verdicts import ENOUGH

LONGEST_NAME = 60  # letters in a title; the table has all
MOST_NAMES = 3  # of rows with the same value
PLACES = ("region", "town")  # they differ in size, so their counts and dollars are not ranked


def leaders(answer: Answer) -> list[Row]:
    """Return the rows that share the largest value, as a reader sees it."""
    rows = prose.ranked(answer)
    return _equal(answer, rows, rows[0]) if rows else []


def of_those_shown(answer: Answer) -> str:
    """Return ", of those shown" where rows are hidden, which could be larger than the largest shown; else ""."""
    return ", of those shown" if prose.hidden_rows(answer) else ""


def most(answer: Answer, noun: str, *, of: str) -> str:
    """State which row is largest: "Most residents enrolled in Eastern: Nursing and Welding, with 142 each"; of places, none."""
    rows = leaders(answer)
    if answer.by in PLACES and rows and rows[0].value:
        return f"{prose.capital(of)} by {noun}"
    if not rows:
        is_hidden = bool(prose.hidden_rows(answer)) or answer.status == AnswerStatus.NOT_RELEASED
        return f"{prose.capital(of)} by {noun}: hidden for privacy" if is_hidden else f"No {noun} has {of} to show yet"
    shown = of_those_shown(answer)
    if not rows[0].value:
        return f"No {noun}{' shown' if shown else ''} has {of} yet"
    names = _join(rows, lambda row: shortened(row.key, LONGEST_NAME)) + (
        f" {prose.noun(2, noun)}" if len(rows) > MOST_NAMES else ""
    )
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


def span(rows: Sequence[Row], unit: str, labels: Mapping[str, str] | None = None) -> str:
    """Say how far the values of rows with a large enough base range: "range from 70% to 84%"; "" without two such rows.

    The ends are named where each belongs to one row and their 95% intervals do not overlap.

    Args:
        rows: Rates or medians.
        unit: Their unit.
        labels: Names of the rows, by key, where they differ from it.
    """
    large = sorted((row for row in rows if (row.denominator or 0) >= ENOUGH), key=lambda row: row.value or 0)
    if len(large) < 2:
        return ""
    low, high = large[0], large[-1]
    texts = [format_value(row.value, unit) for row in large]
    if texts[0] == texts[-1]:
        return f"are all {texts[0]}"
    is_clear = low.high is not None and high.low is not None and low.high < high.low
    is_single = texts.count(texts[0]) == texts.count(texts[-1]) == 1
    first, last = (
        f" ({(labels or {}).get(row.key, row.key)})" if is_clear and is_single else "" for row in (low, high)
    )
    return f"range from {texts[0]}{first} to {texts[-1]}{last}"


def most_and_fewest(answer: Answer, categories: Sequence[str] = ()) -> str:
    """Say where a count is largest and smallest: "most in Healthcare (2,345), fewest in Green jobs (584)".

    Ties are named. Rows hidden from this reader may be the smallest, so then only the largest is named. A category without a
    row has nobody, so then the text says so instead of naming the smallest row.

    Args:
        answer: Counts by a breakdown.
        categories: Every key the breakdown can have.
    """
    rows = prose.ranked(answer)
    if not rows:
        return "the numbers are hidden for privacy" if prose.hidden_rows(answer) else "there is nothing to compare yet"

    def name(row: Row) -> str:
        return f"{row.key} ({format_value(row.value, answer.measure.unit)})"

    if any(row.note == WITHHELD for row in answer.rows):
        return f"{prose.join([name(row) for row in rows])}; the others are {WITHHELD}"
    top, bottom = leaders(answer), _equal(answer, rows, rows[-1])

    def place(same: Sequence[Row], others: str) -> str:
        """Name rows with the same value, or count them where they are many: "four sectors (2 each)", "four others (1 each)"."""
        if len(same) <= MOST_NAMES:
            return prose.join([name(row) for row in same])
        return f"{prose.in_words(len(same))} {others} ({format_value(same[0].value, answer.measure.unit)} each)"

    most_in = place(top, prose.noun(2, answer.by or "place"))
    recorded = "recorded" if _has_unrecorded(answer) else ""
    shown = "shown" if prose.hidden_rows(answer) else ""
    end = f", of those {prose.join([recorded, shown])}" if recorded or shown else ""
    if shown:
        return f"most in {most_in}{end}"
    absent = [key for key in categories if answer.row(key) is None]
    listed = prose.join(absent) if len(absent) <= MOST_NAMES else f"{prose.in_words(len(absent))} others"
    none = f"none in {listed}" if absent else ""
    if len(rows) == 1:
        return f"all in {name(rows[0])}{end}"
    if len(top) == len(rows):
        names = _join(rows, lambda row: row.key)
        count = f"{format_value(rows[0].value, answer.measure.unit)} each"
        same = f"{'all ' if len(rows) > MOST_NAMES else ''}{names} have {count}"
        return f"{same}, {none}{end}" if none else f"{same}{end}"
    fewest = f"fewest in {place(bottom, 'others')}"
    if not bottom[0].value:  # a region's row may say that nobody is there
        fewest = f"none in {_join(bottom, lambda row: row.key)}{' others' if len(bottom) > MOST_NAMES else ''}"
    return f"most in {most_in}, {none or fewest}{end}"


def _equal(answer: Answer, rows: Sequence[Row], to: Row) -> list[Row]:
    """Return the rows whose value reads the same."""
    text = format_value(to.value, answer.measure.unit)
    return [row for row in rows if format_value(row.value, answer.measure.unit) == text]


def _join(rows: Sequence[Row], name: Callable[[Row], str]) -> str:
    """Name rows with the same value, or count them where they are many: "four"."""
    return prose.join([name(row) for row in rows]) if len(rows) <= MOST_NAMES else prose.in_words(len(rows))


def _is_unrecorded_larger(answer: Answer, top: Row) -> bool:
    """Return whether more are counted without a category than in the largest, so that their bar is the longest."""
    return any(prose.is_unrecorded(row) and known(row.value) and row.value > (top.value or 0) for row in answer.rows)


def _has_unrecorded(answer: Answer) -> bool:
    """Return whether some are counted without a category."""
    return any(prose.is_unrecorded(row) and (row.value or not known(row.value)) for row in answer.rows)
