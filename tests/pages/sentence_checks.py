"""Check the sentences of a page against the answers it asked for.

A sentence that can be read alone (a lead, a title, a quote, or a description with numbers) is checked against the answers
whose every filter it names. So a number under a filter that the sentence does not name is an error, and so is a number that no
answer holds.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import timedelta

from components.text import format
from queries import Answer, Row
from queries.calculators.counts import CountRow
from queries.calculators.plan_rows import PlanRow
from queries.dimensions import FILTERS
from queries.models import Suppression
from queries.privacy.suppression import is_hidden
from tests.pages.page_text import PageText

# Leads, titles, quotes, and the text alternatives of charts: read without the page around them.
STANDALONE = ("lead", "title", "quote", "words")
NOT_SENTENCES = (
    r"\bNone\b|\bnan\b|\bNaN\b",
    r"all of it is in",
    r"\b0 of them\b",
    r"who finished or left",  # the base is exits
    r"completed no |earned no ",
    r"like the state",
    r"on course|cannot be reached|half earn",
    r"raises|lowers|leads? to|because of|thanks to|caused",
    r"(?:twelve|12) largest of (?:[1-9]|1[01])\b|ten largest of [1-9]\b",
    r"fewest in .*none in",
    r"  |\.\.|,,|;\.|\( | \)| ,",
)
SINGULAR = "resident|exit|completion|credential|position|course|learner|registration|enrollment|application|opening|row|quarter"
DISAGREEING = (
    rf"(?<![\d,.$])1 (?:{SINGULAR})s\b",
    rf"(?<![\d,.])(?:\d[\d,]*\d|[02-9]) (?:more )?(?:{SINGULAR})\b(?! days)",
    r"(?<![\d,.$])1 (?:\w+ ){0,2}(?:have|are|were)\b",
    r"(?<!among )(?<!of )(?<!of BIPOC )\b(?:residents|veterans|women|immigrants|people|exits|positions|courses) (?:has|is|was)\b",
)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# Dates and the constants of definitions, which no answer holds.
CONSTANTS = (
    rf"(?:{MONTHS}) (?:\d{{1,2}}, )?\d{{4}}",
    rf"(?:{SHORT})(?:–(?:{SHORT}))? \d{{4}}|FY \d{{4}}|\d{{4}}-\d\d-\d\d",
    r"last (?:(?:90|180) days|26 weeks)|95% (?:intervals?|limits)|99\.8% limits|5 to 12 weeks|35 to 84 days|at least \d+ days old|at most 5%|19 times in 20|under (?:0\.)?1%|over 99(?:\.9)?%",
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
RECENT = {"last 90 days": 89, "within a year": 364}
SUPERLATIVE = re.compile(
    r"\b(?:most|fewest|largest|highest|lowest|smallest|busiest|leads|least|first|last)\b", re.IGNORECASE
)


def faults(page: PageText, *, is_strict: bool = True) -> Iterator[str]:
    """Return what is wrong with the sentences of a page. is_strict: check numbers, filters and rankings too."""
    nouns = _nouns(page)
    for sentence in page.sentences:
        text = sentence.text
        for pattern in (*NOT_SENTENCES, *DISAGREEING):
            if match := re.search(pattern, text, re.IGNORECASE if pattern in NOT_SENTENCES[1:] else 0):
                yield f"{sentence.kind}: “{match[0]}” in: {text}"
        yield from _period_faults(page, text)
        if sentence.kind == "lead":
            yield from _gap_faults(page, text)
        if not is_strict:
            continue
        is_standalone = sentence.kind in STANDALONE
        answers = [a for a in page.answers if not is_standalone or _states_filters(a, text, nouns)]
        if sentence.kind == "quote":
            yield from _unnamed_filters(page, text, nouns)
        yield from (f"{sentence.kind}: {fault} in: {text}" for fault in _number_faults(answers, text))
        if is_standalone:
            yield from (f"{sentence.kind}: {fault} in: {text}" for fault in _ranking_faults(answers, text))
            yield from (f"{sentence.kind}: {fault} in: {text}" for fault in _exact_faults(answers, text))


def _nouns(page: PageText) -> Mapping[str, tuple[str, ...]]:
    """Return how sentences may name each group: its noun, or its label."""
    return page.group_names


def _states_filters(answer: Answer, text: str, nouns: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a sentence names every filter of an answer."""
    scope = answer.scope
    if not all(value in text for name, value in scope.filters.items() if name != "group"):
        return False
    if scope.group and not any(name.lower() in text.lower() for name in nouns[scope.group]):
        return False
    return not (scope.since or scope.until) or _states_period(answer, text)


def _states_period(answer: Answer, text: str) -> bool:
    scope = answer.scope
    for phrase, days in RECENT.items():
        if scope.since == answer.as_of - timedelta(days=days) and scope.until == answer.as_of and phrase in text:
            return True
    if scope.since and scope.since > answer.as_of:
        return format.day(scope.since) in text
    return all(format.day(end) in text for end in (scope.since, scope.until) if end)


def _period_faults(page: PageText, text: str) -> Iterator[str]:
    """A period that is not over may not read as if it were."""
    for answer in page.answers[:1]:
        until = answer.scope.until
        if until and until > answer.as_of and f"to {format.day(until)}" in text:
            yield f"the period ends after the date shown: {text}"


def _gap_faults(page: PageText, text: str) -> Iterator[str]:
    """A plan without a goal names the groups that are short, all of them and no other."""
    for answer in page.answers:
        if answer.measure.id != "gap_residents" or not re.search(r"short of its target|calls for", text):
            continue
        short = {str(row.group) for row in answer.rows if format.known(row.value) and row.value > 0}
        claim = text.split(" enrolled are fewer", maxsplit=1)[0].lower()
        stated = {group for group, (noun, _) in page.group_names.items() if noun.lower() in claim}
        if stated != short:
            yield f"lead: {', '.join(sorted(stated ^ short))} are named or left out: {text}"


def _unnamed_filters(page: PageText, text: str, nouns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name in (name for name in FILTERS if name != "group"):
        if (value := page.address.get(name)) and value not in text:
            yield f"quote: {name} {value} is not named: {text}"
    group = page.address.get("group")
    if group and not any(name.lower() in text.lower() for name in nouns[group]):
        yield f"quote: {group} is not named: {text}"


# Numbers


def _number_faults(answers: Iterable[Answer], text: str) -> Iterator[str]:
    answers = list(answers)
    stripped = re.sub(r"/plan\?\S+", " ", text)
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


def _exact_faults(answers: list[Answer], text: str) -> Iterator[str]:
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


# Rankings


def _ranking_faults(answers: list[Answer], text: str) -> Iterator[str]:
    """A superlative names exactly the rows with the largest (or smallest) value, and no hidden row could be larger."""
    breakdowns = [a for a in answers if a.by and a.rows]
    rules = (
        (r"\bmost in (.*?)(?:, fewest in |, none in |, of those shown|[;.]|$)", max),
        (r"\bfewest in (.*?)(?:[;.]|$)", min),
        (r"^(?:As of [A-Z].*?\d{4}, )(.*?) has enrolled the most ", max),
        (r"^Most (?:residents|learners|positions|\S.*? enrolled|\S.*? who).*?: (.*), with [\d,]+", max),
        (r"Busiest quarter.*?: (.*?), with", max),
        (r"busiest month(?: of those shown)? was (.*?) with", max),
        (r"Largest part of the dollars spent.*?: (.*?), \d", max),
        (r"Most dollars spent.*?: (.*?)(?:, of those shown|$)", max),
        (r"Largest median gain.*?: (.*?), \$", max),
        (r"Most common path.*?: (.*?) \(", max),
        (r"range from \S+ \(([^)]*)\)", min),
        (r"range from .* to \S+ \(([^)]*)\)", max),
    )
    for pattern, extreme in rules:
        for match in re.finditer(pattern, text):
            segment = match[1]
            if re.fullmatch(r"(?:all )?\w+(?: others)?(?: .*)?", segment) and not _keys_in(breakdowns, segment):
                continue  # many rows with the same value are counted, not named
            if not any(_is_extreme(a, segment, text, extreme) for a in breakdowns):
                yield f"“{match[0]}” is not so"


def _keys_in(breakdowns: Iterable[Answer], segment: str) -> bool:
    return any(_label(row.key) in segment for a in breakdowns for row in a.rows)


def _label(key: str) -> str:
    from components.text.narratives.headlines import _month_name
    from components.text.period_labels import period_label

    return (
        f"{period_label(key)}"
        if re.fullmatch(r"\d{4}-Q\d", key)
        else _month_name(key)
        if re.fullmatch(r"\d{4}-\d\d", key)
        else key
    )


def _is_extreme(answer: Answer, segment: str, text: str, extreme: type[max]) -> bool:
    rows = [
        r
        for r in answer.rows
        if format.known(r.value) and not r.key.lower().startswith(("not ", "unknown", "other paths"))
    ]
    if answer.measure.denominator:
        rows = [row for row in rows if (row.denominator or 0) >= 30]
    labels = {row.key: _label(row.key).lower() for row in rows}
    lowered = segment.lower()
    # a name inside a longer name is not named: "Health" in "Healthcare"
    names = {
        key
        for key, label in labels.items()
        if label in lowered
        and not any(label != other and label in other and other in lowered for other in labels.values())
    }
    if not rows or not names:
        return False
    end = format.format_value(extreme(row.value for row in rows), answer.measure.unit)
    first = {row.key for row in rows if format.format_value(row.value, answer.measure.unit) == end}
    if names != first or (len(first) == len(answer.rows) > 1):
        return False
    return "shown" in text or not any(_could_exceed(row, answer, rows) for row in answer.rows)


def _could_exceed(row: Row, answer: Answer, rows: list[Row]) -> bool:
    if not is_hidden(row):
        return False
    largest = max(other.value for other in rows)
    is_small = row.suppression == Suppression.PRIMARY and answer.hidden_below and largest >= answer.hidden_below
    return not (is_small and not answer.measure.denominator)
