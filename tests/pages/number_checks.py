"""Check the numbers of a sentence: each is a figure of an answer, of what the sentence says is counted."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cached_property, lru_cache

from components.text import format, prose
from queries import Answer, Row
from queries.calculators.burn import BurnRow
from queries.calculators.counts import CountRow
from queries.calculators.gap import GapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_cells import GapCellRow
from queries.calculators.outcome_ratio import OutcomeRow
from queries.calculators.over_time import PeriodRow
from queries.calculators.plan_rows import PlanRow
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.privacy.suppression import is_hidden
from tests.pages.page_text import PageText

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# Dates and the constants of definitions, which no answer holds.
CONSTANTS = (
    rf"(?:{MONTHS}) (?:\d{{1,2}}, )?\d{{4}}",
    rf"(?:{SHORT})(?:–(?:{SHORT}))? \d{{4}}|FY \d{{4}}|\d{{4}}-\d\d-\d\d",
    r"last (?:(?:90|180) days|26 weeks)|95% (?:intervals?|limits)|99\.8% limits|5 to 12 weeks|35 to 84 days|at least \d+ days (?:old|ago)|per 10,000(?: residents)?|fiscal year \d{4}|at most 5%|19 times in 20|first range 71% to 86% of the time, and in the second 91% to 98%|95% certain|under (?:0\.)?1%|over 99(?:\.9)?%",
    r"new since the delivery of [^:]*: [^;]*?(?:; [\d,]+ ended)?(?=\. |$)|(?:Revised from \S+|Since revised) to \S+",  # tests/pages/test_changed.py
    r"Earlier figures of this measure were revised by \S+(?: [mb]illion)?(?: \(net [^)]*\))?",
    r"share excluded was .* in the previous delivery, .*\)",  # tests/components/test_data_health_sentences.py
    r"for \d+ days after the (?:month|quarter) ends|[Nn]o clear change in \d+ (?:months|quarters)",
    r"29 CFR 1607\.4\(D\)|United States, 1977|below 0\.8 of the highest|95% \(dotted\)|99\.8% \(solid\)",
    r"\bq[24]\b",  # columns of the contract
    r"[\d,]+ comparisons? (?:made at once )?on this page|[Oo]f the \d+ pairs",  # verdict_checks.py counts them
    r"at least 30|under 30|[Ff]ewer than [\d.]+|Showing \d+ of [\d,]+|[Ff]irst 200 of [\d,]+ rows",
)
NUMBER = re.compile(r"[−+]?\$?\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion)\b)?(?:%| points\b)?")
# The nouns after a number, and what the count of an answer must be about.
NOUNS = {
    "exits": "exit",
    "completions": "complet",
    "credentials": "credential",
    "positions": "position",
    "registrations": "registrations",
    "courses": "course|registration",
    "learners": "learner|registration",
    "applications": "application",
    "residents": "resident|worker|learner|positions filled",
}
# Fields of a row whose text can hold digits: names, reasons, and populations with their sources.
TEXTS = ("key", "note", "goal_about", "benchmark_base", "benchmark_about", "second_about", "base")
RATIOS = {
    ("expended", "allocated"),
    ("expended", "obligated"),
    ("award_expended", "award_obligated"),
    ("obligated", "allocated"),
    ("residents_enrolled", "residents_enrolled"),
}


def number_faults(
    answers: Iterable[Answer], text: str, others: Iterable[str] = (), *, names: Iterable[str] = ()
) -> Iterator[str]:
    """Return the numbers of a text that no answer holds, or whose noun is not what the answer counts.

    Args:
        answers: The answers whose filters the text names.
        text: The text.
        others: Figures that no answer holds, as the text may write them.
        names: What the filters can be set to. A name can hold digits.
    """
    answers = sorted(answers, key=lambda answer: len(answer.rows))  # most numbers are of short ones
    stripped = re.sub(r"/gap_plan\?\S+", " ", text)
    if not NUMBER.search(stripped):
        return
    texts = frozenset().union(_parts_with_digits(tuple(names)), *(_of(answer).texts for answer in answers))
    for name in sorted(texts, key=len, reverse=True):
        if name.lower() in stripped.lower():
            stripped = re.sub(re.escape(name), " ", stripped, flags=re.IGNORECASE)
    for pattern in CONSTANTS:
        stripped = re.sub(pattern, " ", stripped)
    derived: set[str] | None = None
    for token in NUMBER.finditer(stripped):
        number = token[0].lstrip("+−").rstrip(",")
        after = re.match(r"\s+(?:more |dated |fully filled )?(\w+)", stripped[token.end() :])
        about = NOUNS.get(after[1]) if after else None
        if any(_of(answer).holds(number, about) for answer in answers):
            continue
        derived = {*_derived(answers), *others} if derived is None else derived
        if number not in derived:  # these count anything
            is_held = any(_of(answer).holds(number) for answer in answers)
            yield f"{token[0]} does not count {after[1]}" if is_held and after else f"no answer holds {token[0]}"


def table_sums(page: PageText) -> list[str]:
    """Return the sums over the tables that were read, and the share excluded: the figures of the page on data quality."""
    rows = page.tables.get("checked", [])
    read, excluded = (sum(int(row[column].replace(",", "")) for row in rows) for column in ("Rows read", "Excluded"))
    return [f"{read:,}", f"{excluded:,}", format.share(excluded / read)] if read else []


@dataclass(frozen=True)
class _Contents:
    """What a sentence can say of an answer.

    Attributes:
        answer: The answer.
        texts: Names and other texts with digits in them.
    """

    answer: Answer
    texts: frozenset[str]

    @cached_property
    def figures(self) -> Mapping[str, set[str]]:
        """Every number as a sentence may write it, with what it counts."""
        return _written(self.answer)

    def holds(self, number: str, about: str | None = None) -> bool:
        """Return whether a number is one of the answer's, and counts this."""
        bases = self.figures.get(number, ())
        return any(not about or not base or re.search(about, base) for base in bases)


_CONTENTS: dict[int, _Contents] = {}


def _of(answer: Answer) -> _Contents:
    """Return what a sentence can say of an answer."""
    if id(answer) not in _CONTENTS:
        if len(_CONTENTS) > 5_000:
            _CONTENTS.clear()
        texts = {str(text) for row in answer.rows for name in TEXTS if (text := getattr(row, name, None))}
        _CONTENTS[id(answer)] = _Contents(answer, _parts_with_digits(tuple(texts)))
    return _CONTENTS[id(answer)]


@lru_cache(maxsize=1_000)
def _parts_with_digits(texts: tuple[str, ...]) -> frozenset[str]:
    """Return the texts that hold digits; a population, its definition, and the one it is compared with also apart."""
    parts = {part for text in texts for part in (text, *re.split(r": |; compare ", text))}
    return frozenset(part for part in parts if re.search(r"\d", part))


def _written(answer: Answer) -> dict[str, set[str]]:
    measure = answer.measure
    written: dict[str, set[str]] = defaultdict(set)
    if measure.id == "closing_plan":  # counts what the reader chose to plan for
        numerator = denominator = ""
    else:
        numerator = f"{measure.label} {measure.numerator} {measure.unit}".lower()
        denominator = f"{measure.denominator or measure.numerator}".lower()
    for row in answer.rows:
        for name, value in _numbers(row):
            if is_hidden(row) and name != "cumulative":  # sums of periods are shown where they hide the parts
                continue
            base = denominator if name in ("denominator", "unknown") else numerator
            for text in _formats(value, measure.unit):
                written[text].add(base)
    values = [row.value for row in answer.rows]
    if values and all(format.known(value) for value in values):
        total = sum(values)
        for text in _formats(total, measure.unit):
            written[text].add(numerator)
        if total:
            for value in values:
                written[format.share(value / total)].add(numerator)
    for count in (len(answer.rows), sum(not prose.is_unrecorded(row) for row in answer.rows)):
        written[format.people(count)].add("")
    return written


def _numbers(row: Row) -> Iterator[tuple[str, float]]:
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield field.name, value
    if isinstance(row, CountRow) and row.inside_share is not None:
        yield "inside_share", row.inside_share
    if isinstance(row, GapRow) and row.share_of_target is not None:
        yield "share_of_target", row.share_of_target
    if isinstance(row, PeriodRow) and format.known(row.target) and format.known(row.value):
        yield "from_target", row.value - row.target
    if isinstance(row, OutcomeRow | StepRow) and row.numerator is not None and row.denominator is not None:
        yield "difference", row.numerator - row.denominator
    if isinstance(row, PlanRow):
        for name in ("share_if_none_enroll", "times_now", "total_monthly", "share_of_total_monthly", "step_monthly"):
            if (value := getattr(row, name)) is not None:
                yield name, value
        if row.room is not None and row.value is not None:
            most = row.share_with(min(row.value, row.room))
            yield from [("share_with", most)] if most is not None else []


@lru_cache(maxsize=200_000, typed=True)
def _formats(value: float, unit: str) -> frozenset[str]:
    return frozenset(_all_formats(value, unit))


def _all_formats(value: float, unit: str) -> Iterator[str]:
    if unit in ("dollars", "dollars an hour"):
        yield format.dollars(abs(value))
        yield f"${abs(value):,.2f}"
    size = abs(value)
    yield from (format.people(size), format.people(round(size)), format.people(round(size, 1)))
    yield from (f"{math.ceil(size):,}", format.ratio(size), f"{size:,.0f}", f"{size:,.1f}")
    yield from (format.share(size), format.share(size, 0), format.share(1 - value), f"{round(size * 100, 2):g}%")
    yield from (format.points(size).lstrip("+"), format.points(size).lstrip("+").removesuffix(" points"))
    yield format.share(abs(value - 1), 0)  # a pace ahead of or behind schedule


def _derived(answers: list[Answer]) -> Iterator[str]:
    """Return the figures that sentences make of two answers: shares of a sum, of the state, and the places' room."""
    totals = [(a, a.total.value) for a in answers if a.by is None and format.known(a.total.value)]
    for (a, part), (b, total) in itertools.permutations(totals, 2):
        if (a.measure.id, b.measure.id) in RATIOS and total:
            yield format.share(part / total)
    yield from _differences(answers, totals)
    plans = [a for a in answers if a.measure.id == "closing_plan"]
    total_rows = [a.total for a in plans if a.by is None]
    for places in (a for a in plans if a.by):
        values = [row.value for row in places.rows if format.known(row.value)]
        for row in total_rows:
            if isinstance(row, PlanRow) and (most := row.share_with(sum(values))) is not None:
                yield from (
                    format.share(most),
                    format.people(sum(values)),
                    format.people((row.value or 0) - sum(values)),
                )
    for demand, training, completed in itertools.product(
        *([a for a in answers if a.measure.id == name] for name in ("open_positions", "in_training", "completions"))
    ):
        for row in demand.rows if demand.by else ():
            counts = [answer.row(row.key) for answer in (training, completed)]
            yield format.people(sum((count.value or 0) if count else 0 for count in counts))
    yield from _monthly_applications(answers)
    for answer in answers:
        yield from _counts_of_rows(answer)


def _differences(answers: list[Answer], totals: list[tuple[Answer, float]]) -> Iterator[str]:
    """Return how many more or fewer enrolled in one period than in another, positions neither filled nor open, and days to a deadline."""
    for (a, now), (b, then) in itertools.permutations(totals, 2):
        if a.measure.id == b.measure.id == "residents_new" and then:
            yield from (format.share(abs(now - then) / then, 0), format.people(abs(now - then)))
    of = {(a.measure.id, a.scope): value for a, value in totals}
    for (measure_id, scope), offered in of.items():
        parts = [of.get((name, scope)) for name in ("positions_filled", "open_positions")]
        if measure_id == "positions" and None not in parts:
            yield format.people(offered - sum(part or 0 for part in parts))
    for answer in answers:
        if answer.rows and isinstance(row := answer.total, BurnRow) and row.expend_by:
            yield f"{(row.expend_by - answer.as_of).days:,}"


def _counts_of_rows(answer: Answer) -> Iterator[str]:
    """Return how many rows are of a kind that a sentence counts: complete periods, rates outside of limits, parts of a gap."""
    periods = Counter((row.group, row.part) for row in answer.rows if isinstance(row, PeriodRow) and row.is_mature)
    yield from map(str, periods.values())
    rates = [row for row in answer.rows if isinstance(row, FunnelRow) and format.known(row.value)]
    no_finding = (FunnelVerdict.TOO_FEW, FunnelVerdict.NO_PEERS)
    compared = sum(row.verdict not in no_finding for row in rates)
    outside = sum(row.verdict in (FunnelVerdict.HIGHER, FunnelVerdict.LOWER) for row in rates)
    yield from (str(len(rates)), str(compared), str(outside))
    for sign in (-1, 1):
        cells = [
            row
            for row in answer.rows
            if isinstance(row, GapCellRow) and format.known(row.value) and row.value * sign > 0
        ]
        cells.sort(key=lambda row: (row.note is not None, -abs(row.value)))
        total = sum(abs(row.value) for row in cells)
        for count in range(1, 7):
            yield format.share(sum(abs(row.value) for row in cells[:count] if not row.note) / total) if total else "0%"
        yield str(len(cells))


def _monthly_applications(answers: list[Answer]) -> Iterator[str]:
    """Return how many apply a month, over the last six full months or the last two full quarters."""
    for answer in (a for a in answers if a.measure.id == "residents_applied" and a.by in ("month", "quarter")):
        length = 3 if answer.by == "quarter" else 1
        day = answer.as_of + timedelta(days=1)
        last = (day.year * 12 + day.month - 1) // length - 1
        keyed = ((row.key.replace("Q", "").split("-"), row.value or 0) for row in answer.rows)
        values = {int(year) * 12 // length + int(number) - 1: value for (year, number), value in keyed}
        periods = [key for key in range(last - 6 // length + 1, last + 1) if values and key >= min(values)]
        if periods:
            yield format.people(sum(values.get(key, 0) for key in periods) / len(periods) / length)
