"""Check the numbers of a sentence: each is a figure of an answer, of what the sentence says is counted."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import timedelta

from components.text import format
from queries import Answer, Row
from queries.calculators.counts import CountRow
from queries.calculators.plan_rows import PlanRow
from queries.privacy.suppression import is_hidden

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# Dates and the constants of definitions, which no answer holds.
CONSTANTS = (
    rf"(?:{MONTHS}) (?:\d{{1,2}}, )?\d{{4}}",
    rf"(?:{SHORT})(?:–(?:{SHORT}))? \d{{4}}|FY \d{{4}}|\d{{4}}-\d\d-\d\d",
    r"last (?:(?:90|180) days|26 weeks)|95% (?:intervals?|limits)|99\.8% limits|5 to 12 weeks|35 to 84 days|at least \d+ days old|at most 5%|19 times in 20|under (?:0\.)?1%|over 99(?:\.9)?%|per 10,000 residents",
    r"at least 30|under 30|[Ff]ewer than [\d.]+|\d+ of [\d,]+ are drawn|[Ff]irst 200 of [\d,]+ rows",
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
RATIOS = {
    ("expended", "allocated"),
    ("expended", "obligated"),
    ("obligated", "allocated"),
    ("residents_enrolled", "residents_enrolled"),
}


def number_faults(answers: Iterable[Answer], text: str) -> Iterator[str]:
    answers = list(answers)
    stripped = re.sub(r"/gap_plan\?\S+", " ", text)
    names = {name for a in answers for row in a.rows for name in (row.key, row.note, getattr(row, "goal_about", None))}
    for name in sorted((name for name in names if name and re.search(r"\d", name)), key=len, reverse=True):
        stripped = re.sub(re.escape(name), " ", stripped, flags=re.IGNORECASE)
    for pattern in CONSTANTS:
        stripped = re.sub(pattern, " ", stripped)
    tokens = list(NUMBER.finditer(stripped))
    if not tokens:
        return
    written: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for figure, base in _figures(answer).items():
            written[figure] |= base
    for figure in _derived(answers):
        written[figure].add("")
    for token in tokens:
        number = token[0].lstrip("+−").rstrip(",")
        if number not in written:
            yield f"no answer holds {token[0]}"
            continue
        after = re.match(r"\s+(?:more |dated |fully filled )?(\w+)", stripped[token.end() :])
        about = NOUNS.get(after[1]) if after else None
        bases = written[number]
        if about and "" not in bases and not any(re.search(about, base) for base in bases):
            yield f"{token[0]} does not count {after[1]}"


_FIGURES: dict[int, tuple[Answer, dict[str, set[str]]]] = {}


def _figures(answer: Answer) -> dict[str, set[str]]:
    """Return every number of an answer as a sentence may write it, with what it counts."""
    if id(answer) not in _FIGURES:
        if len(_FIGURES) > 5_000:
            _FIGURES.clear()
        _FIGURES[id(answer)] = (answer, _written(answer))
    return _FIGURES[id(answer)][1]


def _written(answer: Answer) -> dict[str, set[str]]:
    measure = answer.measure
    written: dict[str, set[str]] = defaultdict(set)
    if measure.id == "closing_plan":  # counts what the reader chose to plan for
        numerator = denominator = ""
    else:
        numerator = f"{measure.label} {measure.numerator} {measure.unit}".lower()
        denominator = f"{measure.denominator or measure.numerator}".lower()
    for row in answer.rows:
        if is_hidden(row):
            continue
        for name, value in _numbers(row):
            base = denominator if name == "denominator" else numerator
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
    written[str(len(answer.rows))].add("")
    written[format.people(len(answer.rows))].add("")
    return written


def _numbers(row: Row) -> Iterator[tuple[str, float]]:
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield field.name, value
    if isinstance(row, CountRow) and row.inside_share is not None:
        yield "inside_share", row.inside_share
    if isinstance(row, PlanRow):
        for name in ("share_if_none_enroll", "times_now", "total_monthly", "share_of_total_monthly", "step_monthly"):
            if (value := getattr(row, name)) is not None:
                yield name, value
        if row.room is not None and row.value is not None:
            most = row.share_with(min(row.value, row.room))
            yield from [("share_with", most)] if most is not None else []


def _formats(value: float, unit: str) -> Iterator[str]:
    if unit in ("dollars", "dollars an hour"):
        yield format.dollars(abs(value))
        yield f"${abs(value):,.2f}"
    size = abs(value)
    yield from (format.people(size), format.people(round(size)), format.people(round(size, 1)), format.a_month(size))
    yield from (f"{math.ceil(size):,}", format.ratio(size), f"{size:,.0f}")
    yield from (format.share(size), format.share(size, 0), format.share(1 - value), f"{round(size * 100, 2):g}%")
    yield from (format.points(size).lstrip("+"), format.points(size).lstrip("+").removesuffix(" points"))
    yield format.share(abs(value - 1), 0)  # a pace ahead of or behind schedule


def _derived(answers: list[Answer]) -> Iterator[str]:
    """Return the figures that sentences make of two answers: shares of a sum, of the state, and the places' room."""
    totals = [(a, a.total.value) for a in answers if a.by is None and format.known(a.total.value)]
    for (a, part), (b, total) in itertools.permutations(totals, 2):
        if (a.measure.id, b.measure.id) in RATIOS and total:
            yield format.share(part / total)
    plans = [a for a in answers if a.measure.id == "closing_plan"]
    total_rows = [a.total for a in plans if a.by is None]
    for places in (a for a in plans if a.by):
        values = [row.value for row in places.rows if format.known(row.value)]
        for row in total_rows:
            if isinstance(row, PlanRow) and (most := row.share_with(sum(values))) is not None:
                yield format.share(most)
    for demand, training, completed in itertools.product(
        *([a for a in answers if a.measure.id == name] for name in ("open_positions", "in_training", "completions"))
    ):
        for row in demand.rows if demand.by else ():
            counts = [answer.row(row.key) for answer in (training, completed)]
            yield format.people(sum((count.value or 0) if count else 0 for count in counts))
    yield from _monthly_applications(answers)


def _monthly_applications(answers: list[Answer]) -> Iterator[str]:
    for answer in (a for a in answers if a.measure.id == "residents_applied" and a.by == "month"):
        day = answer.as_of + timedelta(days=1)
        last = day.year * 12 + day.month - 2
        by_month = {int(row.key[:4]) * 12 + int(row.key[5:]) - 1: row.value or 0 for row in answer.rows}
        months = [month for month in range(last - 5, last + 1) if by_month and month >= min(by_month)]
        if months:
            yield format.a_month(sum(by_month.get(month, 0) for month in months) / len(months))


# Sentences whose numbers are those of one answer: the words around each number, and its measure and field. A trailing
# "!" stands for the answer without the region chosen.
EXACT = (
    (r"^(?:As of \w+ \d+, \d+, )?([\d,]+) [^;]*? ha(?:s|ve) enrolled", "residents_enrolled", "value"),
    (r", ([\d,]+) of them for the first time", "residents_new", "value"),
    (r"(?:, |^|; )(\S+%) of exits (?:\S+ )*?were completions", "completion_rate", "value"),
    (r"were completions \(([\d,]+) of", "completion_rate", "numerator"),
    (r"were completions \([\d,]+ of ([\d,]+)\)", "completion_rate", "denominator"),
    (r"compared with (\S+%) in the state", "completion_rate!", "value"),
    (r"planned end has passed, (\S+%) were", "cohort_completion_rate", "value"),
    (r"([\d,]+) completions? ", "completions", "value"),
    (r"([\d,]+) credentials? (?:\S+ )*?(?:is|are) on record", "credentials", "value"),
    (r"([\d,]+) exits? .*? followed by a job", "placements", "value"),
    (r"^([\d,]+) residents? ha(?:s|ve) registered for free online", "learners", "value"),
    (r"([\d,]+) courses? w\w+ completed", "courses_completed", "value"),
    (r"([\d,]+) of [\d,]+ learners \(", "learners_going_on", "numerator"),
    (r"of ([\d,]+) learners \(", "learners_going_on", "denominator"),
    (r"learners \((\S+%)\) went on", "learners_going_on", "value"),
    (r"Employers have offered ([\d,]+)", "positions", "value"),
    (r"; ([\d,]+) (?:is|are) filled", "positions_filled", "value"),
    (r", ([\d,]+) of them by program participants", "positions_filled_by_participants", "value"),
    (r"; ([\d,]+) (?:is|are) still open", "open_positions", "value"),
    (r"^(\S+%) of \S.*? enrolled \([\d,]+ of [\d,]+\) received", "supports_reach", "value"),
    (r" enrolled \(([\d,]+) of [\d,]+\) received", "supports_reach", "numerator"),
    (r"Half of ([\d,]+) dated credentials", "days_to_credential", "denominator"),
    (
        r"(\$\S+(?: [mb]illion)?) of \S+(?: [mb]illion)? (?:allocated|obligated)[^,]* has been spent",
        "expended",
        "value",
    ),
    (r"of (?:the )?(\$\S+(?: [mb]illion)?) allocated", "allocated", "value"),
)


def exact_faults(answers: list[Answer], text: str) -> Iterator[str]:
    for pattern, name, field in EXACT:
        measure_id = name.rstrip("!")
        match = re.search(pattern, text)
        totals = [a for a in answers if a.measure.id == measure_id and a.by is None]
        if name.endswith("!"):
            totals = [a for a in totals if a.scope.region is None]
        if not match or not totals:
            continue
        most = max(len(a.scope.filters) for a in totals)
        expected = {
            format.format_value(getattr(a.total, field), a.measure.unit if field == "value" else "")
            for a in totals
            if len(a.scope.filters) == most
        }
        if match[1] not in expected:
            yield f"{match[1]} is not {measure_id} ({', '.join(sorted(expected))})"
