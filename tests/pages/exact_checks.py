"""Check sentences whose numbers are those of a single answer, by the words around each number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from components.periods import in_words
from components.text import format
from queries import Answer
from queries.periods import years_after

# Sentences whose numbers are those of one answer: the words around each number, and its measure and field. A trailing
# "!" stands for the answer without the region chosen.
EXACT = (
    (r"^(?:As of \w+ \d+, \d+, |In all, )?([\d,]+) [^;]*? ha(?:s|ve) enrolled", "residents_enrolled", "value"),
    (r"([\d,]+) of them enrolled for the first time", "residents_new", "value"),
    (r"(?:, |^|; |\. )(\S+%) of exits (?:\S+ )*?came after finishing", "completion_rate", "value"),
    (r"came after finishing the training \(([\d,]+) of", "completion_rate", "numerator"),
    (r"came after finishing the training \([\d,]+ of ([\d,]+)\)", "completion_rate", "denominator"),
    (r"(?:, |^)([\d,]+) of [\d,]+ exits (?:\S+ )*?came after finishing", "completion_rate", "numerator"),
    (r"(?:, |^)[\d,]+ of ([\d,]+) exits (?:\S+ )*?came after finishing", "completion_rate", "denominator"),
    (r"came after finishing the training, compared with (\S+%) in the state", "completion_rate!", "value"),
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
    (r"\. ([\d,]+) (?:is|are) filled", "positions_filled", "value"),
    (r", ([\d,]+) of them by program participants", "positions_filled_by_participants", "value"),
    (r"\. ([\d,]+) (?:is|are) still open", "open_positions", "value"),
    (r"^(\S+%) of \S.*? enrolled \([\d,]+ of [\d,]+\) received", "supports_reach", "value"),
    (r" enrolled \(([\d,]+) of [\d,]+\) received", "supports_reach", "numerator"),
    (r"the job is not known yet: ([\d,]+)", "placement_rate", "unknown"),
    (r"the credential is not known yet: ([\d,]+)", "credential_rate", "unknown"),
    (r"the employment is not known yet: ([\d,]+)", "employment_rate_q2", "unknown"),
    (r"Half of ([\d,]+) dated credentials", "days_to_credential", "denominator"),
    (
        r"(\$\S+(?: [mb]illion)?) of \S+(?: [mb]illion)? (?:allocated|obligated)[^,]* has been spent",
        "expended",
        "value",
    ),
    (r"have spent (\$\S+(?: [mb]illion)?) of the", "award_expended", "value"),
    (r"of the (\$\S+(?: [mb]illion)?) obligated to them", "award_obligated", "value"),
    (r"of (?:the )?(\$\S+(?: [mb]illion)?) allocated", "allocated", "value"),
)


def exact_faults(answers: list[Answer], text: str) -> Iterator[str]:
    """Return the numbers of a text that are not those of the measure that its words name."""
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


def flow_faults(answers: list[Answer], text: str) -> Iterator[str]:
    """Check how many enrolled for the first time in a period, and how many did in the same days a year earlier."""
    match = re.search(r"^(.*), (?:([\d,]*\d)|no|an unknown number of) \D*? enrolled for the first time", text)
    if not match:
        return
    flows = [
        a for a in answers if a.measure.id == "residents_new" and a.by is None and (a.scope.since or a.scope.until)
    ]
    period_flows = [a for a in flows if in_words(a.scope.since, a.scope.until, a.as_of).lower() == match[1].lower()]
    if match[2] and match[2] not in {format.people(a.total.value) for a in period_flows}:
        yield f"{match[2]} did not enroll {match[1]}"
    if earlier := re.search(r"than the ([\d,]+) in the same \w+ a year earlier", text):
        starts = {years_after(a.scope.since, -1) for a in period_flows if a.scope.since}
        if earlier[1] not in {format.people(a.total.value) for a in flows if a.scope.since in starts}:
            yield f"{earlier[1]} is not the number of a year earlier"
