"""Supportive services in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.data_table import Table
from components.text import prose, verdicts
from components.text.format import interval, known, people, points, share
from queries.verdicts import ALIKE, ENOUGH, HIGHER, LOWER, TOO_FEW

SUPPORTS = {"child_care": "Child care", "transportation": "Transportation", "technology": "Technology"}
NOT_AN_EFFECT = (
    "An association, not an effect: residents with a support are compared with residents of the same initiative, sector, "
    "region and answers about groups who did not receive it. What is not recorded can still differ, and who stays longer has "
    "more time to receive a support."
)
NO_INTERVAL = "everyone with it, nobody without it"
VERDICTS = {
    HIGHER: "Higher, unlikely to be chance",
    LOWER: "Lower, unlikely to be chance",
    ALIKE: "No difference beyond chance",
}
IN_A_CELL = {HIGHER: "yes, higher", LOWER: "yes, lower", ALIKE: "no"}


def lead(*, reach: Any, association: Any) -> str:
    """The page's answer: how many receive a support, and which goes with completing, among similar residents."""
    total = reach.row("any")
    if total is None or not known(total.value):
        return reach.note or "No resident has enrolled yet."
    text = (f"{share(total.value)} of residents enrolled ({people(total.numerator)} of {people(total.denominator)}) received "
            f"child care, transportation or technology support {prose.when(reach)}.")  # fmt: skip
    clauses = [
        f"those with {_name(row)} complete {_off(row)} {'more' if row.value > 0 else 'less'} often{_interval(row)}"
        for row in _beyond_chance(association)
    ]
    if clauses:
        text += f" Against similar residents without it, {prose.join(clauses)}: an association, not an effect."
    elif comparable(association):
        text += " Among similar residents, no support goes with completing more or less often beyond chance."
    return text


def association_title(association: Any) -> str:
    """The finding: the supports whose difference is unlikely to be chance, else that there is none."""
    found = _beyond_chance(association)
    if found:
        clauses = [
            f"{_off(row)} {'higher' if row.value > 0 else 'lower'} with {_name(row)}{_interval(row)}" for row in found
        ]
        return f"Against similar residents without it, completion is {prose.join(clauses)}"
    compared = [row for row in association.rows if known(row.value)]
    if not compared:
        return "No support can be compared among similar residents yet"
    widest = max(compared, key=lambda row: abs(row.value))
    return (f"No support goes with a difference beyond chance; the widest, {_name(widest)}, "
            f"is {points(widest.value)}{_interval(widest)}")  # fmt: skip


def association_words(association: Any) -> str:
    """The chart in words: each support's difference, what it would be unadjusted, and its verdict."""
    said = [f"{_name(row)}{_figures(row)}{_small(verdict(row))}" for row in association.rows]
    return (
        "Completion rate with each support less that of similar residents without it, with 95% intervals. "
        f"{prose.capital('; '.join(said))}."
    )


def verdict(row: Any) -> str:
    """What may be said of one support, and why not more."""
    word = row.verdict or row.note
    if word == TOO_FEW:
        return f"{prose.capital(TOO_FEW)}: under {ENOUGH} on a side"
    if word == ALIKE and known(row.low) and not row.low <= 0 <= row.high:
        return f"{VERDICTS[ALIKE]}: its interval leaves zero, but not once {prose.in_words(row.compared)} are compared"
    return VERDICTS.get(word) or prose.capital(word)


def comparable(association: Any) -> bool:
    """Whether any support can be compared, so that there is something to draw."""
    return any(known(row.value) for row in association.rows)


def sure(association: Any) -> set[str]:
    """The supports whose difference is unlikely to be chance."""
    return verdicts.sure(association.rows)


def how_sure(association: Any) -> str:
    """How many supports are compared at once, and at what rate that errs."""
    return verdicts.family(association.rows)


def association_table(association: Any) -> Table:
    """One row a support: the standardized and the unadjusted figures, and how many exits they rest on."""
    rows = [
        {
            "Support": SUPPORTS[row.part],
            "Difference": _or_why(row.value, row.note),
            "95% from": _or_why(row.low, row.note or NO_INTERVAL),
            "95% to": _or_why(row.high, row.note or NO_INTERVAL),
            "Beyond chance": IN_A_CELL.get(row.verdict or "", row.note or ""),
            "Unadjusted difference": _or_why(row.raw_difference, _no_raw(row)),
            "Rate with it": _or_why(row.numerator, row.note),
            "Rate without it, similar": _or_why(row.denominator, row.note),
            "Rate with it, unadjusted": _or_why(row.raw_with, _no_raw(row)),
            "Rate without it, unadjusted": _or_why(row.raw_without, _no_raw(row)),
            "Exits compared, with it": row.matched_with,
            "Exits compared, without it": row.matched_without,
            "Exits left out, with it": row.unmatched_with,
        }
        for row in association.rows
    ]
    return Table.from_rows(rows, ASSOCIATION_UNITS)


UNITS = {**{label: "share" for label in SUPPORTS.values()}, "Any support": "share", "Residents enrolled": "residents"}
ASSOCIATION_UNITS = {
    **dict.fromkeys(("Difference", "95% from", "95% to", "Unadjusted difference"), "points"),
    **dict.fromkeys(("Rate with it", "Rate without it, similar"), "share"),
    **dict.fromkeys(("Rate with it, unadjusted", "Rate without it, unadjusted"), "share"),
    **dict.fromkeys(("Exits compared, with it", "Exits compared, without it", "Exits left out, with it"), "exits"),
}


def any_support(answer: Any) -> list[Any]:
    """The rows of an answer that are about any support."""
    return [row for row in answer.rows if row.part == "any"]


def reach_by(answer: Any, labels: Mapping[str, str]) -> str:
    """Whom supports reach most and least, of those with enough people to say."""
    able = [row for row in any_support(answer) if known(row.value) and (row.denominator or 0) >= ENOUGH]
    rows = sorted(able, key=lambda row: row.value)
    if len(rows) < 2:
        return "Reach of supports"
    least, most = rows[0], rows[-1]
    return (f"Supports reach {labels.get(most.key, most.key)} most ({share(most.value)}) "
            f"and {labels.get(least.key, least.key)} least ({share(least.value)})")  # fmt: skip


def reach_table(answer: Any, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row a group: residents enrolled and the reach of each support."""
    found: dict[str, dict[str, Any]] = {}
    for row in answer.rows:
        cells = found.setdefault(
            row.key,
            {
                "Group": labels.get(row.key, row.key),
                "Residents enrolled": row.denominator if known(row.denominator) else row.note,
            },
        )
        cells[{"any": "Any support", **SUPPORTS}[row.part]] = prose.told(row)
    return list(found.values())


def _beyond_chance(association: Any) -> list[Any]:
    """The rows unlikely to be chance, widest first."""
    found = sure(association)
    return sorted((row for row in association.rows if row.key in found), key=lambda row: -abs(row.value))


def _name(row: Any) -> str:
    return SUPPORTS[row.part].lower()


def _off(row: Any) -> str:
    return points(abs(row.value)).lstrip("+")


def _interval(row: Any) -> str:
    span = interval(row.low, row.high, "points")
    return f" (95% interval {span})" if span else ""


def _figures(row: Any) -> str:
    if not known(row.value):
        return ": "
    raw = row.raw_difference
    return f" {points(row.value)}" + (f" (unadjusted {points(raw)}), " if known(raw) else ", ")


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _or_why(value: Any, why: str | None) -> Any:
    return value if known(value) else why


def _no_raw(row: Any) -> str | None:
    return TOO_FEW if row.raw_with is not None else row.note
