"""Check the verdicts of a page: each sentence and each table says of a comparison what the page's own family of tests says.

The p-values are adjusted here again, by scipy, over every comparison that the page made. So two places of a page that judge the
same comparison cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from scipy.stats import false_discovery_control

from components.text import format, prose
from components.text.narratives.answer_data import is_below_benchmarks
from queries import Answer
from queries.calculators.gap import GapRow
from queries.calculators.group_shares import RepresentationRow
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import ComparedRow
from queries.privacy.suppression import is_hidden
from queries.verdicts import NO_FINDING
from tests.pages.page_text import PageText

RATE = 0.05
OUTCOMES = {
    "completion_rate": ("complete", "Completes", "Completion"),
    "credential_rate": ("earn a credential", "Credential", "Credential"),
    "placement_rate": ("get a job", "Got a job", "Got a job"),
    "employment_rate_q2": ("are employed two quarters after exit", "", "Employed after two quarters"),
}
STEPS = {
    "Enrolled": "enrolled",
    "Started": "started",
    "Completed": "completed",
    "Credential": "credential",
    "Got a job": "employed",
}
FAMILIES = {"equity", "one_group", "support_services"}
SUPPORTS = {"Child care": "child_care", "Transportation": "transportation", "Technology": "technology"}
Key = tuple[str, str | None, str | None, str | None]  # measure, breakdown, group (or place), part


class Verdicts:
    """The comparisons of a page, each with its sign where it is unlikely to be chance: −1, 1, or 0 where it could be."""

    def __init__(self, page: PageText) -> None:
        compared = [
            (answer, row)
            for answer in _answers_judged(page)
            for row in answer.rows
            if isinstance(row, ComparedRow) and row.p is not None
        ]
        adjusted = false_discovery_control([row.p for _, row in compared]) if compared else []
        self.count = len(compared)
        self.signs = {
            _key(a, row): _sign(a, row) if p <= RATE else 0 for (a, row), p in zip(compared, adjusted, strict=True)
        }
        self.rows = {_key(answer, row): row for answer, row in compared}

    def of(self, measure: str, group: str, part: str | None) -> int | None:
        return self.signs.get((measure, None, group, part))


def _answers_judged(page: PageText) -> Iterator[Answer]:
    """Yield the answers that the page judges: not those of another time or place that it compares them with, which come later."""
    first = next((answer for answer in page.answers if any(isinstance(row, ComparedRow) for row in answer.rows)), None)
    for answer in page.answers:
        if first is not None and _where_and_when(answer) == _where_and_when(first):
            yield answer


def _where_and_when(answer: Answer) -> tuple[object, ...]:
    return answer.as_of, answer.scope.since, answer.scope.until, answer.scope.region


def _key(answer: Answer, row: ComparedRow) -> Key:
    place = row.key if answer.by and answer.by != "group" else None
    return answer.measure.id, place, row.group or row.key, row.part


def _sign(answer: Answer, row: ComparedRow) -> int:
    if isinstance(row, GapRow):
        if row.verdict in NO_FINDING:
            return 0
        return -1 if (row.share_of_target or 0) < 1 else 1
    no_difference = 1 if answer.measure.id in ("outcome_ratio", "gap_by_step", "intersections") else 0
    return -1 if (row.value or 0) < no_difference else 1


def verdict_faults(page: PageText) -> Iterator[str]:
    """Return where a sentence or a table of the page calls a comparison otherwise than the page's family does."""
    yield from _outside_faults(page)
    if page.page_id not in FAMILIES:
        return
    verdicts = Verdicts(page)
    for sentence in page.sentences:
        text = sentence.text
        if (match := re.search(r"([\d,]+) comparisons? (?:made at once )?on this page", text)) and match[
            1
        ] != f"{verdicts.count:,}":
            yield f"{sentence.kind}: the page compares {verdicts.count}: {text}"
        for group, noun in _groups_in(page, text):
            yield from (f"{sentence.kind}: {fault} in: {text}" for fault in _group_faults(verdicts, group, noun, text))
    yield from _lead_faults(page, verdicts)
    yield from _none_below_faults(page, verdicts)
    yield from _title_faults(page, verdicts)
    yield from _furthest_below_faults(page, verdicts)
    yield from _table_faults(page, verdicts)


def _outside_faults(page: PageText) -> Iterator[str]:
    """Check how many providers or programs a lead or a title says are outside of the limits, and which."""
    for text in page.of("lead", "title") if page.page_id == "providers" else ():
        shown = re.search(r"(?P<count>\w+)(?: of (?P<of>[\d,]+))? (?P<what>provider|program)s? shown\b", text)
        some = re.search(
            r"[Oo]f the (?P<of>[\d,]+) (?P<what>provider|program)s compared.*?, (?P<count>\w+) ha(?:s|ve) a ", text
        )
        match = some or shown
        if not match or match["count"] in ("only", "all"):  # a single one is compared, or none
            continue
        rows = [
            row
            for answer in page.answers
            for row in answer.rows
            if (answer.by or "provider") == match["what"] and isinstance(row, FunnelRow) and format.known(row.value)
        ]
        outside = [row for row in rows if row.verdict in (FunnelVerdict.HIGHER, FunnelVerdict.LOWER)]
        compared = [row for row in rows if row.verdict not in (FunnelVerdict.TOO_FEW, FunnelVerdict.NO_PEERS)]
        count = match["count"].lower().replace("none", "no")
        if count not in ("no" if not outside else prose.in_words(len(outside)), str(len(outside))):
            yield f"{len(outside)} of {len(rows)} are outside: {text}"
        if match["of"] and int(match["of"].replace(",", "")) != len(compared):
            yield f"{len(compared)} are compared: {text}"
        if not some and len(compared) < len(rows):
            yield f"{len(rows) - len(compared)} that are not compared can lie outside: {text}"
        names = [row.key for row in outside if row.key[:30] in text]
        if outside and " them." in text and len(outside) <= 4 and len(names) != len(outside):
            yield f"not all that are outside are named: {text}"


def _groups_in(page: PageText, text: str) -> Iterator[tuple[str, str]]:
    """Yield each group that a text names, with the words that name it there."""
    for group, names in page.group_names.items():
        for name in names[:1]:
            if match := re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
                yield group, match[0]


def _group_faults(verdicts: Verdicts, group: str, noun: str, text: str) -> Iterator[str]:
    """Check what a sentence says of one group with the group's own words before it."""
    start = f"(?i:{re.escape(noun)})"  # a text can name a group in the middle of one sentence and begin another with it
    for part, (verb, _, label) in OUTCOMES.items():
        behind = (
            rf"(?:^|\. ){start} {verb} at ([\d.]+) times the rate of others",
            rf"^{label}[^.]*\. {start}: ([\d.]+) times the rate of others, unlikely to be chance",
        )
        for match in (claim for pattern in behind for claim in re.finditer(pattern, text)):
            row = verdicts.rows.get(("outcome_ratio", None, group, part))
            if row is None or verdicts.of("outcome_ratio", group, part) != -1 or format.ratio(row.value) != match[1]:
                yield f"“{match[0]}” is not so"
    row = verdicts.rows.get(("gap_residents", None, group, None))
    is_below = isinstance(row, GapRow) and verdicts.of("gap_residents", group, None) == -1
    for match in re.finditer(
        rf"(?:^|\. )(?:[^.]* )?{start}(?:(?:,| and) [^.]*)? are enrolled at ([\d.]+) times their", text
    ):
        if not isinstance(row, GapRow) or not is_below or format.ratio(row.share_of_target) != match[1]:
            yield f"“{match[0]}” is not so"
    for match in re.finditer(rf"([\d,]+) more {start}(?=[ ,][^.]*needed\))", text):
        if not isinstance(row, GapRow) or not is_below or format.people(row.value) != match[1]:
            yield f"“{match[0]}” is not so"


def _lead_faults(page: PageText, verdicts: Verdicts) -> Iterator[str]:
    """Check the lead: the count of groups below, those behind, and the gap of one group."""
    words = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}
    for text in page.of("lead"):
        if match := re.search(r"(\w+) groups? (?:are|is) enrolled clearly below", text):
            below = sum(
                s == -1
                for (measure, place, *_), s in verdicts.signs.items()
                if measure == "gap_residents" and not place
            )
            if match[1] != words.get(below, "no"):
                yield f"lead: {below} groups are below: {text}"
        judged = re.search(r"This difference (is unlikely to|could) be chance", text)
        outcome = next((part for part, (verb, *_) in OUTCOMES.items() if f" {verb} " in text), None)
        group = next(_groups_in(page, text), None)
        if judged and outcome and group and page.page_id == "one_group":
            is_clear = bool(verdicts.of("outcome_ratio", group[0], outcome))
            if is_clear != (judged[1] == "is unlikely to"):
                yield f"lead: the page’s tests say otherwise: {text}"


def _hides_a_result(page: PageText) -> bool:
    """Return whether a page hides a result of a group, or which of its applications led to an enrollment."""
    rows = [
        row for answer in page.answers if answer.measure.id in ("outcome_ratio", "gap_by_step") for row in answer.rows
    ]
    return any(is_hidden(row) for row in rows if row.part in (*OUTCOMES, "enrolled"))


def _none_below_faults(page: PageText, verdicts: Verdicts) -> Iterator[str]:
    """Check the sentences that find no group or no pair below: how many can be compared, and that none of them is below."""
    words = {name: number for number, name in enumerate(prose.in_words(n) for n in range(100))}
    for text in page.of("lead", "title") if page.page_id == "equity" else ():
        for match in re.finditer(
            r"(?:\b[Oo]f the (\S+) (groups?|pairs?)\b[^.:]*?, none is|[Tt]he only (group|pair)\b[^.:]*? is not) "
            r"(enrolled clearly below its goal|clearly below others in any result|clearly below others)",
            text,
        ):
            stated, is_pair = words[match[1] or "one"], (match[2] or match[3]).startswith("pair")
            measure = "gap_residents" if match[4].endswith("goal") else "intersections" if is_pair else "outcome_ratio"
            outcome = next((part for part, (*_, label) in OUTCOMES.items() if text.startswith(label)), None)
            compared = [
                (key[2], key[3] if is_pair else None, sign)
                for key, sign in verdicts.signs.items()
                if key[0] == measure
                and (is_pair or not key[1])
                and verdicts.rows[key].verdict not in NO_FINDING
                and (measure != "outcome_ratio" or match[4].endswith("result") or key[3] == outcome)
            ]
            if match[4].endswith("result") and not text[match.end() :].startswith(" shown") and _hides_a_result(page):
                yield f"a result is hidden: {text}"
            groups = {row[:2] for row in compared}
            if stated != len(groups) or any(row[2] == -1 for row in compared):
                yield f"{len(groups)} are compared, some of them below or not: {text}"


def _furthest_below_faults(page: PageText, verdicts: Verdicts) -> Iterator[str]:
    """Check the groups that the title over participation says are below their benchmark: the lowest ratio, with its equals."""
    for text in page.of("title"):
        match = re.search(r"are (?:furthest|enrolled) below their benchmark, at ([\d.]+) times", text)
        if not match:
            continue
        rows = [row for a in page.answers if a.measure.id == "representation_ratio" and not a.by for row in a.rows]
        below = [row for row in rows if isinstance(row, RepresentationRow) and _is_below(row, verdicts)]
        lowest = format.ratio(min((row.value for row in below), default=None))
        first = {row.group for row in below if format.ratio(row.value) == lowest}
        stated = {group for group, _ in _groups_in(page, text[: match.start()])}
        if match[1] != lowest or stated != first:
            yield f"title: the lowest ratio is {lowest}, of {', '.join(sorted(map(str, first)))}: {text}"


def _is_below(row: RepresentationRow, verdicts: Verdicts) -> bool:
    gap = verdicts.rows.get(("gap_residents", None, str(row.group), None))
    if isinstance(gap, GapRow) and gap.is_benchmark:
        return verdicts.of("gap_residents", str(row.group), None) == -1
    return is_below_benchmarks(row)


def _title_faults(page: PageText, verdicts: Verdicts) -> Iterator[str]:
    """Check the titles over outcomes, over the adjusted gap and over the parts of a gap, and what the lead says of the adjusted gap."""
    for text in page.of("title", "lead"):
        group = next(_groups_in(page, text), None)
        mix = r"(?:at|to) an equal mix(?: of .*? others)?, (unlikely to|which could) be chance"
        if group and (match := re.search(mix, text)):
            signs = [
                s for (measure, _, who, _), s in verdicts.signs.items() if measure == "gap_adjusted" and who == group[0]
            ]
            if signs and bool(signs[0]) != (match[1] == "unlikely to"):
                yield f"title: the page’s tests say otherwise: {text}"
        if match := re.search(
            r"(No part is clearly different.*?|Largest part of the gap): (?:the largest is )?(.*)", text
        ):
            yield from _largest_part_faults(verdicts, text)


def _largest_part_faults(verdicts: Verdicts, text: str) -> Iterator[str]:
    parts = {
        part: (row.value or 0, verdicts.signs[measure, place, who, part])
        for (measure, place, who, part), row in verdicts.rows.items()
        if measure == "gap_parts"
    }
    stated = "within" if "results within" in text else next((p for p in parts if f"other {p}s" in text), None)
    most = max(parts.values(), key=lambda item: abs(item[0]), default=(0, 0))
    if stated not in parts or abs(parts[stated][0]) < abs(most[0]):
        yield f"title: another part is larger: {text}"
    elif bool(parts[stated][1]) != text.split(". ", 1)[1].startswith("Largest"):
        yield f"title: the page’s tests say otherwise: {text}"


def _table_faults(page: PageText, verdicts: Verdicts) -> Iterator[str]:
    """Check the findings in the tables: every cell that calls a comparison lower, higher or unclear."""
    labels = {label: group for group, (_, label) in page.group_names.items()}
    for name, rows in page.tables.items():
        for cells in rows:
            for measure, group, part, column in _judged_cells(page, name, cells, labels):
                expected = verdicts.of(measure, group, part)
                stated = _stated(cells.get(column, ""))
                if expected is not None and stated is not None and expected != stated:
                    yield f"table {name}: {column} of {next(iter(cells.values()))} is {expected}: {cells[column]}"


def _judged_cells(
    page: PageText, name: str, cells: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield (measure, group, part, column) of each cell with a verdict in a row of a table."""
    if name == "overview" and (group := labels.get(cells.get("Group", ""))):
        yield "gap_residents", group, None, "Finding"
        yield "gap_by_step", group, "enrolled", "Enrolled of those who apply"
        yield from (("outcome_ratio", group, part, column) for part, (_, column, _) in OUTCOMES.items() if column)
    elif name == "outcome-ratio" and (group := labels.get(cells.get("Group", ""))):
        yield "outcome_ratio", group, page.address.get("outcome", "completion_rate"), "Finding"
    elif name == "steps" and cells["Step"] in STEPS:
        groups = {row.group for a in page.answers if a.measure.id == "gap_by_step" for row in a.rows}
        if len(groups) == 1 and (group := next(iter(groups))):
            yield "gap_by_step", group, STEPS[cells["Step"]], "Finding"
    elif name == "supports-association" and (support := SUPPORTS.get(next(iter(cells.values())))):
        yield "supports_association", support, support, "Clear difference"


def _stated(cell: str) -> int | None:
    """Return the sign that a cell states; None where it says that nothing can be concluded."""
    if re.search(r"flagged|\blower\b|^(?:Lower|Below)", cell):
        return -1
    if re.search(r"\bhigher\b|^(?:Higher|Above)", cell):
        return 1
    return 0 if re.fullmatch(r"[\d.]+|no|No clear difference.*|No finding.*", cell) else None
