"""The sectors in words: who finishes, how long it takes, what it pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.text import prose
from components.text.format import days, format_value, known, people, share
from queries.verdicts import ENOUGH


def lead(
    *, sector: str | None, enrolled: Any, by_sector: Any, completion_by_sector: Any, who: str = "residents"
) -> str:
    """The page's answer: which sector leads, which finishes best and worst."""
    if enrolled.status == "not_allowed":
        return str(enrolled.note)
    if sector:
        row = completion_by_sector.row(sector)
        has = "has" if enrolled.total.value == 1 else "have"
        text = f"{prose.counted(enrolled, who)} {has} enrolled in {sector} {prose.when(enrolled)}"
        if row is not None and known(row.value):
            text += f"; {share(row.value)} of those who finished or left completed"
        return text + "."
    if by_sector.status != "ok":
        return by_sector.note or "There is nothing to compare yet."
    text = f"{prose.leads_and_trails(by_sector)} in {who} enrolled {prose.when(by_sector)}"
    best, worst = extremes(completion_by_sector)
    if best and worst and share(best.value) != share(worst.value):
        text += f"; {best.key} completes most often ({share(best.value)}), {worst.key} least ({share(worst.value)})"
    return text + "."


def extremes(answer: Any) -> tuple[Any, Any]:
    """The rows with the highest and the lowest value, of those that rest on enough exits to be named; None without two."""
    rows = [row for row in prose.ranked(answer) if (row.denominator or 0) >= ENOUGH]
    return (rows[0], rows[-1]) if len(rows) > 1 else (None, None)


def completion_title(answer: Any) -> str:
    """The finding over the completion chart."""
    best, worst = extremes(answer)
    if best is None or worst is None:
        return "Too few exits to say which sector completes most often"
    if share(best.value) == share(worst.value):
        return f"Every sector completes about {share(best.value)} of its exits"
    return f"{best.key} completes {share(best.value)} of its exits, {worst.key} {share(worst.value)}"


def ladder_title(rates: Mapping[str, Any]) -> str:
    """The finding over the ladder: where most are lost, of those old enough to tell."""
    losses = [(1 - answer.total.value, where) for where, answer in rates.items() if known(answer.total.value)]
    if not losses:
        return "The way from application to job"
    lost, where = max(losses)
    return f"The largest loss is {where}: {share(lost)} of those who could have"


def time_title(total: Any) -> str:
    """The finding over the time to credential."""
    row = total.total
    if not known(row.value):
        return "Too few credentials to show" if prose.held_back(total) else "No credential with a start date yet"
    if total.delivery.layout:
        return f"Half earn their credential within {days(round(row.value))}"
    text = f"Half earn their credential within {days(round(row.value))}"
    if not known(row.inside):
        return text
    return f"{text}; {share(row.inside_share)} inside the promised 5 to 12 weeks"


def time_words(answer: Any) -> str:
    """What the time to credential is; the promise is Connecticut's own, so no layout's numbers are held against it."""
    text = "Median days from start to credential by sector."
    return text if answer.delivery.layout else f"{text} The program promises 5 to 12 weeks, which is 35 to 84 days."


def wage_title(answer: Any) -> str:
    """The finding over the wage chart."""
    best, _ = extremes(answer)
    if best is None:
        return "Too few wages known to say which sector gains most"
    if best.value <= 0:
        return "No sector’s median hourly wage has risen"
    return f"{best.key} raises hourly wages most: {format_value(best.value, 'dollars an hour')}"


UNITS = {
    "Residents enrolled": "residents", "In training": "enrollments", "Completion rate": "share", "Credential rate": "share",
    "Placement rate": "share", "Median days to credential": "days", "Median wage gain": "dollars an hour",
}  # fmt: skip
TWO_POINTS = 0.02


def cohort_differs(completion: Any, cohort: Any) -> bool:
    """Whether the two completion rates differ by more than two points, so that both must be shown."""
    left, right = completion.total.value, cohort.total.value
    return known(left) and known(right) and abs(left - right) > TWO_POINTS


def inside_promise(answer: Any) -> str:
    """How many credentials came inside the promised 5 to 12 weeks."""
    row = answer.total
    if not known(row.value):
        return ""
    if answer.delivery.layout or not known(row.inside):  # the promise is Connecticut's own
        return f"median of {people(row.denominator)} credentials"
    return f"median; {share(row.inside_share)} of {people(row.denominator)} within 5 to 12 weeks"


def resting_on(answer: Any) -> str:
    """How many a median rests on."""
    row = answer.total
    return f"median of {people(row.denominator)} exits with both wages known" if known(row.value) else ""


def ladder_words(counts: list[tuple[str, Any]]) -> str:
    """The ladder in words."""
    listed = [f"{label.lower()} {people(answer.total.value)}" for label, answer in counts if known(answer.total.value)]
    listed = listed or ["too few to show"]
    return f"Applications at each step: {prose.join(listed)}. A job can come without a credential, and a period counts each step by its own dates."


def compared(*, enrolled: Any, **answers: Any) -> list[dict[str, Any]]:
    """One row a sector for the table; None where there is no number."""
    names = dict(
        in_training="In training", completion="Completion rate", credential="Credential rate", placement="Placement rate",
        days="Median days to credential", wages="Median wage gain",
    )  # fmt: skip
    found = []
    for row in prose.by_size(enrolled.rows):
        cells = {names[name]: prose.cell(answer, row.key) for name, answer in answers.items()}
        found.append({"Sector": row.key, "Residents enrolled": prose.told(row), **cells})
    return found
