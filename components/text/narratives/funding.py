"""The money in words: what is spent, how fast, and what would lapse."""

from __future__ import annotations

from typing import Any

from components.data_table import Table
from components.text import prose
from components.text.format import day, dollars, known, share


def lead(*, allocated: Any, obligated: Any, expended: Any, burn: Any) -> str:
    """The page's answer: spent of allocated, and where the burn of the last 90 days leads."""
    if expended.status != "ok":
        return expended.note or "No dollars have been recorded yet."
    whole, promised, spent = (answer.total.value for answer in (allocated, obligated, expended))
    text = f"{dollars(spent)}"
    if whole:
        text += f" of {dollars(whole)} allocated has been spent {prose.when(expended)} ({share(spent / whole)}); {dollars(promised)} is obligated"
    elif promised:
        text += (
            f" of {dollars(promised)} obligated has been spent {prose.when(expended)} ({share(spent / promised)})"
        )
    else:
        text += f" has been spent {prose.when(expended)}"
    return f"{text}. {outlook(burn)}".strip()


def outlook(answer: Any) -> str:
    """When the money runs out, or what lapses, at the burn of the last 90 days."""
    row, who = answer.total, answer.scope.initiative or "all initiatives"
    if not known(row.value) or row.left is None:
        return ""
    if row.available <= 0:
        return ""
    if row.left <= 0:
        return f"All of what {who} had is spent."
    if row.value <= 0:
        return f"{who} spent nothing in the last 90 days; {dollars(row.left)} is left."
    runs_out, expend_by = row.runs_out_on, row.expend_by
    rate = f"At what {who} spent in the last 90 days ({dollars(row.value)})"
    if expend_by and known(row.will_lapse) and row.will_lapse > 0:
        return f"{rate}, {dollars(row.will_lapse)} of what is {row.left_of} would lapse on {day(expend_by)}."
    if runs_out:
        return f"{rate}, what is {row.left_of} runs out on {day(runs_out)}."
    return ""


def deadline(row: dict[str, Any], as_of: Any) -> str:
    """A deadline as days from the date in effect."""
    days = (row["falls_on"] - as_of).days
    if days == 0:
        return "today"
    return f"in {days:,} days" if days > 0 else f"passed {-days:,} days ago"


def where_title(answer: Any, what: str) -> str:
    """The finding over where the dollars go."""
    rows = sorted((row for row in answer.rows if known(row.value) and row.value > 0), key=lambda row: -row.value)
    if not rows:
        return f"No dollars recorded by {what} yet"
    whole = sum(row.value for row in rows)
    return f"{rows[0].key[:1].upper() + rows[0].key[1:]} took {share(rows[0].value / whole)} of the dollars spent"


NOT_APART = "not told apart from a small quarter"
UNITS = {
    "Allocated": "dollars", "Obligated": "dollars", "Spent": "dollars", "Corrections": "dollars",
    "Enrolled in the quarter": "residents", "Enrolled so far": "residents",
    "Completing in the quarter": "residents", "Completing so far": "residents",
}  # fmt: skip


def corrections(answer: Any) -> str:
    """The corrections inside a sum, shown apart."""
    amount = answer.total.corrections
    return f"after corrections of {dollars(amount)}" if known(amount) and amount else ""


def trend_title(allocated: Any, obligated: Any, expended: Any) -> str:
    """The finding over the three lines."""
    whole, promised, spent = (answer.total.value or 0 for answer in (allocated, obligated, expended))
    if not whole:
        return (
            f"{share(spent / promised)} of what is obligated is spent"
            if promised
            else "No dollars have been allocated yet"
        )
    return f"{share(promised / whole)} of what is allocated is obligated, {share(spent / whole)} is spent"


def sums(answers: dict[str, Any]) -> str:
    """The three sums in words; a sum that cannot be told is left to its figure's own reason."""
    told = {kind: answer.total.value for kind, answer in answers.items() if known(answer.total.value)}
    return prose.join([f"{dollars(value)} {kind}" for kind, value in told.items()])


def cost_context(answer: Any) -> str:
    """What was divided by what."""
    row = answer.total
    if not known(row.value):
        return ""
    only = "; only dollars assigned here" if answer.scope.region or answer.scope.sector else ""
    return f"{dollars(row.numerator)} over {row.denominator:,.0f}{only}"


def by_kind_table(by_kind: dict[str, Any], what: str) -> Table:
    """One row a category, region or sector: the three sums and the corrections among the dollars spent."""
    keys = sorted(
        {row.key for answer in by_kind.values() for row in answer.rows},
        key=lambda key: -(getattr(by_kind["expended"].row(key), "value", 0) or 0),
    )
    rows = {kind: [answer.row(key) for key in keys] for kind, answer in by_kind.items()}
    columns: dict[str, list[Any]] = {what.capitalize(): [key[:1].upper() + key[1:] for key in keys]}
    for kind, name in (("allocated", "Allocated"), ("obligated", "Obligated"), ("expended", "Spent")):
        columns[name] = [row.value if row else None for row in rows[kind]]
    columns["Corrections"] = [row.corrections if row else None for row in rows["expended"]]
    return Table.from_columns(columns, UNITS, missing="none recorded")


def treasury_table(quarters: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a quarter, newest first: workers enrolled and completing, in the quarter and so far."""
    keys = sorted({row.key for answer in quarters.values() for row in answer.rows})
    found: list[dict[str, Any]] = []
    so_far: dict[str, Any] = {name: 0.0 for name in quarters}
    for key in keys:
        cells: dict[str, Any] = {"Quarter": key}
        for name, word in (("slfrf_enrolled", "Enrolled"), ("slfrf_completing", "Completing")):
            row = quarters[name].row(key)
            if row:
                total = row.cumulative
                so_far[name] = total if known(total) else NOT_APART
            cells |= {f"{word} in the quarter": prose.told(row) if row else 0, f"{word} so far": so_far[name]}
        found.append(cells)
    return found[::-1]
