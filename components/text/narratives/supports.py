"""Describe support services: who gets them, and completion compared with similar residents without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.text import prose, ranking, reliability, verdicts
from components.text.format import Number, interval, known, people, points_apart, share
from components.text.scope_words import chosen, filters, subject
from queries.calculators.supports_association import SupportRow
from queries.models import Answer, Row
from queries.privacy.suppression import HIDDEN
from queries.verdicts import ALIKE, ENOUGH, HIGHER, LOWER, TOO_FEW

SUPPORTS = {"child_care": "Child care", "transportation": "Transportation", "technology": "Technology"}
NOT_AN_EFFECT = (
    "An association, not an effect. Residents with a support are compared with residents of the same initiative, sector, "
    "region and answers about groups who did not receive it. What is not recorded can still differ, and residents who stay longer "
    "have more time to receive a support. Only enrollments that have ended are compared, so people still in training are left out."
)
NO_INTERVAL = "everyone with it, nobody without it"
VERDICTS: Mapping[str | None, str] = {
    HIGHER: "Higher, unlikely to be chance",
    LOWER: "Lower, unlikely to be chance",
    ALIKE: "No clear difference",
}
CELLS: Mapping[str | None, str] = {HIGHER: "yes, higher", LOWER: "yes, lower", ALIKE: "no"}
UNITS = {**{label: "share" for label in SUPPORTS.values()}, "Any support": "share", "Residents enrolled": "residents"}
ASSOCIATION_UNITS = {
    **dict.fromkeys(("Difference", "95% from", "95% to", "Unadjusted difference"), "points"),
    **dict.fromkeys(("Rate with it", "Rate without it, similar residents"), "share"),
    **dict.fromkeys(("Rate with it, unadjusted", "Rate without it, unadjusted"), "share"),
    **dict.fromkeys(("Exits compared, with it", "Exits compared, without it", "Exits left out, with it"), "exits"),
}


def lead(*, reach: Answer, association: Answer, who: str = "residents") -> str:
    """Answer the page's question: how many receive a support, and which supports go with completing more often."""
    total = reach.row("any")
    received = f"received child care, transportation or technology support{chosen(reach.scope)} {prose.when(reach)}"
    if total is None:
        return reach.note or f"No {who} have enrolled{filters(reach)}."
    if not known(total.value):
        return f"How many {who} {received} is {total.note or 'not known'}."
    text = (
        f"{share(total.value)} of {who} enrolled ({people(total.numerator)} of {people(total.denominator)}) {received}."
    )
    clauses = [
        f"those with {_name(row)} complete {points_apart(row.value or 0)} {'more' if (row.value or 0) > 0 else 'less'} often{_interval(row)}"
        for row in _clear_differences(association)
    ]
    if clauses:
        return f"{text} Compared with similar residents without it, {_sentences(clauses)} This is an association, not an effect."
    if prose.has_values(association):
        return f"{text} Compared with similar residents, {_no_support(association)} a clear difference in completion."
    return text


def association_title(association: Answer, *, who: str = "residents") -> str:
    """State which supports show a difference unlikely to be chance, or that none does."""
    clear = _clear_differences(association)
    if clear:
        clauses = [
            f"is {points_apart(row.value or 0)} {'higher' if (row.value or 0) > 0 else 'lower'} with {_name(row)}{_interval(row)}"
            for row in clear
        ]
        start = f"Compared with similar residents without it, completion{subject(association, who)}"
        return f"{start} {'. It '.join(clauses)}"
    compared = [row for row in association.rows if known(row.value)]
    if not compared:
        if prose.hidden_rows(association):
            return f"Completion{subject(association, who)} with each support: {HIDDEN}"
        return "No support can be compared among similar residents yet"
    return f"{prose.capital(_no_support(association))} a clear difference in completion{subject(association, who)}"


def _no_support(association: Answer) -> str:
    """Return the subject of a sentence that finds no clear difference; a support that is hidden could have one."""
    return "none of the supports shown has" if prose.hidden_rows(association) else "no support shows"


def association_words(association: Answer, *, who: str = "residents") -> str:
    """Say how to read the chart or, where nothing can be drawn, the table, and why a support has no verdict."""
    drawn = "The lines are 95% intervals. Filled: unlikely to be chance. " if prose.has_values(association) else ""
    clauses = [
        f"{_name(row)}: {prose.lower_first(verdict(row))}"
        for row in association.rows_of(SupportRow)
        if not known(row.value) or verdict(row) not in VERDICTS.values()
    ]
    return (
        f"Completion rate{subject(association, who)}. The difference is the rate with each support, minus that of similar residents without it. "
        f"{drawn}{prose.capital(_sentences(clauses))}".rstrip()
    )


def _sentences(clauses: Sequence[str]) -> str:
    """Write clauses as sentences; the first one continues a sentence."""
    return " ".join(f"{prose.capital(clause) if position else clause}." for position, clause in enumerate(clauses))


def verdict(row: SupportRow) -> str:
    """Say what is known of one support, or why nothing is."""
    word = row.verdict or row.note
    if word == TOO_FEW:
        return f"{prose.capital(TOO_FEW)} (under {ENOUGH} on one side)"
    if word == ALIKE and row.low is not None and row.high is not None and not row.low <= 0 <= row.high:
        return f"{VERDICTS[ALIKE]}: its interval excludes zero, but with {prose.in_words(row.compared or 0)} compared at once it could be chance"
    return VERDICTS.get(word) or prose.capital(str(word))


def sure(association: Answer) -> set[str]:
    """Return the supports whose difference is unlikely to be chance."""
    return verdicts.sure(association.rows_of(SupportRow))


def association_table(association: Answer) -> list[dict[str, prose.Cell]]:
    """Return one table row a support: the standardized and the unadjusted figures, and how many exits they count."""
    return [
        {
            "Support": SUPPORTS[str(row.part)],
            "Difference": _or_reason(row.value, row.note),
            "95% from": _or_reason(row.low, row.note or NO_INTERVAL),
            "95% to": _or_reason(row.high, row.note or NO_INTERVAL),
            "Clear difference": CELLS.get(row.verdict, row.note or ""),
            "Unadjusted difference": _or_reason(row.raw_difference, _unadjusted_reason(row)),
            "Rate with it": _or_reason(row.numerator, row.note),
            "Rate without it, similar residents": _or_reason(row.denominator, row.note),
            "Rate with it, unadjusted": _or_reason(row.raw_with, _unadjusted_reason(row)),
            "Rate without it, unadjusted": _or_reason(row.raw_without, _unadjusted_reason(row)),
            "Reliability": reliability.of_difference(row),
            "Exits compared, with it": _or_reason(row.matched_with, row.note),
            "Exits compared, without it": _or_reason(row.matched_without, row.note),
            "Exits left out, with it": _or_reason(row.unmatched_with, row.note),
        }
        for row in association.rows_of(SupportRow)
    ]


def any_support(answer: Answer) -> list[Row]:
    """Return the rows about any support."""
    return [row for row in answer.rows if row.part == "any"]


def reach_title(answer: Answer, labels: Mapping[str, str], *, who: str = "residents") -> str:
    """State how far the share with a support ranges, among those with enough people to say."""
    rows = [row for row in any_support(answer) if known(row.value)]
    values = ranking.span(rows, answer.measure.unit, labels)
    start = f"of {who}{filters(answer)} who received a support"
    if not values:
        return f"Share {start}"
    shown = " among those shown" if prose.hidden_rows(answer) else ""
    is_any_small = any((row.denominator or 0) < ENOUGH for row in rows)
    return f"Shares {start} {values}{shown}{f'. Those with under {ENOUGH} enrolled are not compared' if is_any_small else ''}"


def reach_table(answer: Answer, labels: Mapping[str, str]) -> list[dict[str, prose.Cell]]:
    """Return one table row a group: residents enrolled, and the share who received each support."""
    rows: dict[str, dict[str, prose.Cell]] = {}
    for row in answer.rows:
        enrolled = row.denominator if known(row.denominator) else row.note
        cells = rows.setdefault(row.key, {"Group": labels.get(row.key, row.key), "Residents enrolled": enrolled})
        cells[{"any": "Any support", **SUPPORTS}[str(row.part)]] = prose.cell_of(row)
        flag = reliability.of_row(row)
        cells["Reliability"] = reliability.least(str(cells.pop("Reliability", "")), flag)
    return list(rows.values())


def _clear_differences(association: Answer) -> list[Row]:
    """Return the rows unlikely to be chance, widest first."""
    keys = sure(association)
    return sorted((row for row in association.rows if row.key in keys), key=lambda row: -abs(row.value or 0))


def _name(row: Row) -> str:
    return SUPPORTS[str(row.part)].lower()


def _interval(row: Row) -> str:
    span = interval(row.low, row.high, "points")
    return f" (95% interval {span})" if span else ""


def _or_reason(value: Number | None, reason: str | None) -> prose.Cell:
    return value if known(value) else reason


def _unadjusted_reason(row: SupportRow) -> str | None:
    return TOO_FEW if row.raw_with is not None else row.note
