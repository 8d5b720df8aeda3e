"""Check the rankings of a sentence: the largest is the largest, its equals stand with it, and no hidden row could be larger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from components.text import format
from components.text.narratives.gap import STEP_NAMES
from components.text.period_labels import period_label
from queries import Answer
from queries.calculators.gap_by_step import StepRow
from queries.privacy.suppression import is_hidden

PLACES, PER_POPULATION = ("region", "town"), "per 10,000 residents"
COUNT = "two|three|four|five|six|seven|eight|nine|[\\d,]+"
SUPERLATIVE = re.compile(
    r"\b(?<!at )(?:most|furthest|fewest|largest|smallest|highest|lowest|busiest|leads)\b", re.IGNORECASE
)
ANY_RANKING = re.compile(
    r"most|furthest|fewest|largest|smallest|highest|lowest|busiest|leads|range from", re.IGNORECASE
)
# Rankings of what no single answer holds; only their numbers are checked.
DERIVED_RANKINGS = re.compile(
    r"needs the largest increase|largest of [\d,]+ comparisons|These add most|pairs with the lowest ratios|of the highest rate|highest of|"
    r"furthest below their benchmark|Largest part of the gap|the largest is|largest places? with enough people|most periods are hidden|Most open positions compared with training|(?:ten|twelve) largest|most plainly use"
)


def ranking_faults(answers: list[Answer], text: str, group_names: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A superlative names exactly the rows with the largest (or smallest) value, and no hidden row could be larger.

    Counts and dollars of places are not ranked at all: places differ in size.
    """
    breakdowns = _rankable(answers, group_names) if ANY_RANKING.search(text) else []  # else no rule below matches
    is_known = bool(DERIVED_RANKINGS.search(text) or not SUPERLATIVE.search(text))
    if match := re.search(r"^Largest loss.*: .*?, (\S+) of ", text):
        is_known = True
        if match[1] != _largest_loss(answers):
            yield f"the largest loss is {_largest_loss(answers)}"
    rules = (
        (r"\bmost in (.*?)(?:, fewest in |, none in |, of those |;|\.(?!\d)|$)", max),
        (r"\bfewest in (.*?)(?:, of those |;|\.(?!\d)|$)", min),
        (r"^Most (?:residents|learners|positions|\S.*? enrolled|\S.*? who).*?: (.*), with [\d,]+", max),
        (r"Busiest quarter.*?: (.*?), with", max),
        (r"busiest (?:month|quarter)(?: of those shown)? was (.*?) with", max),
        (r"Largest part of the dollars spent.*?: (.*?), \d", max),
        (r"Most dollars spent.*?: (.*?)(?:, of those shown|$)", max),
        (r"Largest median gain.*?: (.*?), \$", max),
        (r"Most common path.*?: (.*?) \(", max),
        (r"range from \S+ \(([^)]*)\)", min),
        (r"range from .* to \S+ \(([^)]*)\)", max),
    )
    if match := re.search(
        r"\d{4}, (.*?) ha(?:s|ve) the highest enrollment rates? in .*: (.*) per 10,000 residents", text
    ):
        is_known = True
        if not any(_are_highest(a, match[1], match[2]) for a in breakdowns if a.measure.unit == PER_POPULATION):
            yield f"“{match[1]}” are not the highest"
    if re.search(r"range from [^(]* \(.*?\) to ", text) and not any(map(_are_ends_apart, breakdowns)):
        yield "the ends of a range are named, and chance could explain which they are"
    if (stated := _furthest_step(answers, text)) is not None:
        is_known = True
        yield from stated
    for pattern, extreme in rules:
        for match in re.finditer(pattern, text):
            segment, is_known = match[1], True
            if re.fullmatch(rf"(?:all )?(?:{COUNT})(?: \w+)?(?: \([\d,]+\))?", segment):
                continue  # many rows with the same value are counted, not named
            if not any(_is_extreme(a, segment, text, extreme) for a in breakdowns):
                yield f"“{match[0]}” is not so"
    if not is_known:
        yield "a ranking that no rule checks"


def _rankable(answers: list[Answer], group_names: Mapping[str, tuple[str, ...]]) -> list[Answer]:
    """Return the answers whose rows can be ranked, with the nouns of groups."""
    listed = [a for a in answers if a.rows and (a.by or a.measure.id == "residents_by_path")]
    return [
        _by_group(a, group_names) for a in listed if a.by not in PLACES or a.measure.unit in ("share", PER_POPULATION)
    ]


def _by_group(answer: Answer, group_names: Mapping[str, tuple[str, ...]]) -> Answer:
    """Return an answer with the nouns of groups for keys, and of supports with the rows about any of them."""
    rows = (
        [row for row in answer.rows if row.part in (None, "any")]
        if answer.measure.id == "supports_reach"
        else answer.rows
    )
    return replace(answer, rows=tuple(replace(row, key=group_names.get(row.key, (row.key,))[0]) for row in rows))


def _are_highest(answer: Answer, regions: str, values: str) -> bool:
    """Return whether these regions are those with the highest rates, with their values, and every region has one."""
    rows = [row for row in answer.rows if not row.key.lower().startswith("not ")]
    if not all(format.known(row.value) for row in rows):
        return False
    names, shown = (re.split(r",? and |, ", listed) for listed in (regions, values))
    first = sorted(rows, key=lambda row: -row.value)[: len(names)]
    written = [format.fixed(row.value, 1 if row.value >= 10 else 2) for row in first]
    return names == [row.key for row in first] and shown == written


def _are_ends_apart(answer: Answer) -> bool:
    """Return whether the 95% intervals of the smallest and the largest rate, of enough people, do not overlap."""
    rows = [
        row for row in answer.rows if format.known(row.value) and (row.denominator or 0) >= 30 and row.low is not None
    ]
    rows = sorted((row for row in rows if not row.key.lower().startswith("not ")), key=lambda row: row.value)
    return len(rows) > 1 and rows[0].high < rows[-1].low


def _furthest_step(answers: list[Answer], text: str) -> list[str] | None:
    """Check the step at which a group falls furthest behind; None where the text names none."""
    match = re.search(r"fall furthest behind at “([\w ]+)”.*, ([\d,]+) more would have", text)
    if not match:
        return [] if "fall furthest behind before applying" in text else None
    rows = [row for a in answers if a.measure.id == "gap_by_step" for row in a.rows if isinstance(row, StepRow)]
    lost = {
        STEP_NAMES[str(row.part)].lower(): row.lost for row in rows if row.part != "applied" and format.known(row.lost)
    }
    if match[1] not in lost or format.people(round(lost[match[1]])) != match[2]:
        return [f"“{match[0]}” is not so"]
    return []


def _largest_loss(answers: list[Answer]) -> str:
    steps = ("intake_rate", "start_rate", "completion_rate", "credential_rate")
    rates = [a for a in answers if a.measure.id in steps and a.by is None and format.known(a.total.value)]
    most = max((len(a.scope.filters) for a in rates), default=0)
    return format.share(max((1 - a.total.value for a in rates if len(a.scope.filters) == most), default=0))


def _label(key: str) -> str:
    """Return a key as sentences write it: months and quarters by name."""
    if re.fullmatch(r"\d{4}-\d\d", key):
        return format.month(date.fromisoformat(f"{key}-01"))
    return period_label(key) if re.fullmatch(r"\d{4}-Q\d", key) else key


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
    return "shown" in text or not any(map(is_hidden, answer.rows))
