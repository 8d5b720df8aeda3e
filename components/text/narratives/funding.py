"""Describe the money: what is spent, how fast, and what would lapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from components.text import prose, ranking, scope_words
from components.text.format import day, dollars, known, share
from components.text.listing_rows import Deadline, Listing
from components.text.narratives import burn_down
from components.text.period_labels import quarter_label
from components.text.scope_words import chosen, filters
from queries.arithmetic import share_of, total_of
from queries.calculators.ledger import MoneyRow
from queries.calculators.slfrf import SlfrfRow
from queries.dimensions import FILTERS
from queries.models import Answer
from queries.scope import Scope

# What the page asks besides the sums: the cost of outcomes, and the lines of the Treasury report.
COSTS = ("cost_per_enrolled", "cost_per_completion", "cost_per_credential", "cost_per_placement")
TREASURY = ("slfrf_enrolled", "slfrf_completing")
# The sums of the page; and those of awards, where each award counts in the region and sector of its obligation.
KINDS = ("allocated", "obligated", "expended")
AWARDS = ("award_obligated", "award_expended")
SUMS = (*KINDS, *AWARDS)
NOT_SEPARATE = "not shown separately from a small quarter"
UNITS = {
    "Allocated": "dollars", "Obligated": "dollars", "Spent": "dollars", "Corrections": "dollars",
    "Enrolled in the quarter": "residents", "Enrolled so far": "residents",
    "Completing in the quarter": "residents", "Completing so far": "residents",
}  # fmt: skip


def lead(*, sums: Mapping[str, Answer], burn: Answer) -> str:
    """Answer the page's question: how much of the money is spent, and where the pace of the last 90 days leads.

    Args:
        sums: The measures of `SUMS` to their answers for all time.
        burn: "burn" under the same filters.
    """
    expended = sums["expended"]
    if expended.status != "ok":
        return expended.note or "No dollars have been recorded yet."
    if not any(row.value or row.transactions for row in (sums[kind].total_of(MoneyRow) for kind in KINDS)):
        return f"No dollars are on record{chosen(expended.scope)} {prose.when(expended)}."  # a ledger without entries is not $0 spent
    budget = budget_of(sums["allocated"])
    committed, spent = sums["obligated"].total.value, expended.total.value
    when = f"{chosen(expended.scope)} {prose.when(expended)}"
    if known(spent) and spent < 0:
        text = f"Corrections exceed the dollars spent{when}, by {dollars(-spent)}"
    elif scope_words.within(expended.scope):
        text = _spent_by_awards(sums) or f"{dollars(spent)} has been spent{when}"
    elif budget and spent is not None and spent <= budget:
        text = f"{dollars(spent)} of {dollars(budget)} allocated has been spent{when} ({share(share_of(spent, budget))}); {dollars(committed)} is obligated"
    elif committed and spent is not None and spent <= committed:
        text = f"{dollars(spent)} of {dollars(committed)} obligated has been spent{when} ({share(share_of(spent, committed))})"
    else:
        text = f"{dollars(spent)} has been spent{when}"
    return f"{text}. {burn_down.outlook(burn)}".strip()


def bases(scope: Scope, as_of: date) -> list[str]:
    """Say what the numbers of the page count where not all of them follow the same filters."""
    notes = []
    if scope.since or scope.until:
        notes.append(
            "The sentences at the top, the deadlines, dollars over time and the U.S. Treasury report ignore the period; "
            f"they count everything as of {day(as_of)}."
        )
        notes.append("With a period, a cost uses that period’s dollars, which may also pay for people of another.")
    if {"region", "sector", "provider"} & scope.filters.keys():
        notes.append(
            f"Dollars spent{chosen(scope)} include expenses there from awards obligated elsewhere. "
            "The share spent and what is left count only awards obligated there."
        )
    return notes


def whatever_is_chosen(scope: Scope, as_of: date) -> str:
    """Say, of dollars of all time for all residents, which of the reader's choices they ignore; "" where it is none."""
    ignored = prose.join(["the group" if scope.group else "", "the period" if scope.since or scope.until else ""])
    return f"Dollars ignore {ignored}; they count everything as of {day(as_of)}." if ignored else ""


def budget_of(allocated: Answer) -> float | None:
    """Return the dollars allocated, if what is spent under the same filters can be a share of them."""
    row = allocated.total_of(MoneyRow)
    return row.value if row.covers_spending else None


def _spent_by_awards(sums: Mapping[str, Answer]) -> str:
    """Say how much of their obligations the awards for a region, a sector or a recipient have spent; "" without any."""
    committed, spent = (sums[kind].total.value for kind in AWARDS)
    if not known(committed) or not known(spent) or not 0 <= spent <= committed or not committed:
        return ""
    of_all = f"{dollars(spent)} of the {dollars(committed)} obligated to them"
    answer = sums["award_expended"]
    part = f"({share(share_of(spent, committed))}), wherever they spent it"
    return f"Awards{chosen(answer.scope)} have spent {of_all} {prose.when(answer)} {part}"


def deadline_table(deadlines: Listing, *, as_of: date) -> list[dict[str, prose.Cell]]:
    """Return one table row a federal deadline, with the days until it."""
    return [
        {
            "Deadline": row["deadline"],
            "Date": row["falls_on"],
            "When": _days_until(row["falls_on"], as_of),
        }
        for row in cast("Sequence[Deadline]", deadlines)
    ]


def _days_until(falls_on: date, as_of: date) -> str:
    days = (falls_on - as_of).days
    if days == 0:
        return "today"
    span = prose.plural(abs(days), "day")
    return f"in {span}" if days > 0 else f"passed {span} ago"


def where_title(answer: Answer, what: str) -> str:
    """State the finding over where the dollars go."""
    rows = [row for row in prose.by_size(answer.rows) if known(row.value) and row.value > 0]
    if not rows:
        return f"{'Corrections exceed the dollars spent' if answer.rows else 'No dollars spent'}{filters(answer)}, by {what}"
    top, shown = ranking.leaders(answer), ranking.of_those_shown(answer)
    if answer.by in ranking.PLACES or len(top) != 1 or len(rows) < 2 or top[0] != rows[0]:
        return f"Dollars spent by {what}{filters(answer)}"
    has_corrections = any(known(row.value) and row.value < 0 for row in answer.rows)
    part = None if has_corrections else share_of(rows[0].value, total_of(answer.rows))
    name = prose.capital(top[0].key)
    if part is None:
        return f"Most dollars spent{filters(answer)}: {name}{shown}"
    return f"Largest part of the dollars spent{filters(answer)}: {name}, {share(part)}"


def corrections(answer: Answer) -> str:
    """Write the corrections inside a sum; "" where there are none."""
    amount = answer.total_of(MoneyRow).corrections
    return f"after corrections of {dollars(amount)}" if known(amount) and amount else ""


def trend_title(allocated: Answer, obligated: Answer, expended: Answer) -> str:
    """State the finding over the three lines."""
    budget, committed, spent = budget_of(allocated), obligated.total.value or 0, expended.total.value or 0
    if scope_words.within(expended.scope) or not (budget or committed) or spent < 0:
        return _amounts_title(obligated=committed, expended=spent, answer=expended)
    if budget and max(committed, spent) <= budget:
        parts = (
            f"{share(share_of(committed, budget))} are obligated, {share(share_of(spent, budget))} are spent"
            if committed or spent
            else "none are obligated or spent yet"
        )
        return f"Of the dollars allocated{filters(allocated)}, {parts}"
    if not 0 < committed >= spent:
        return _amounts_title(obligated=committed, expended=spent, answer=expended)
    text = f"{share(share_of(spent, committed))} of the dollars obligated{filters(obligated)} are spent"
    return f"{text}; more is obligated than the {dollars(budget)} allocated" if budget else text


def _amounts_title(*, obligated: float, expended: float, answer: Answer) -> str:
    """State the sums without a share: an award's dollars can be obligated for one region or sector and spent in others."""
    spent = "spent there by any award" if obligated and scope_words.within(answer.scope) else "spent"
    amounts = {"obligated": obligated, spent: max(expended, 0)}
    written = prose.join([f"{dollars(amount)} {name}" for name, amount in amounts.items() if amount])
    if expended < 0:
        exceed = f"corrections exceed the dollars {spent} by {dollars(-expended)}"
        written = f"{written}; {exceed}" if written else exceed
    if not written:
        return f"No dollars obligated or spent{filters(answer)}"
    where = prose.capital(filters(answer).strip())
    text = f"{where}: {written}" if where else written
    return text if obligated else f"{text}; none recorded as obligated"


def cost_context(answer: Answer) -> str:
    """Write what a cost divides: dollars by people or outcomes."""
    row = answer.total
    if not known(row.value):
        return ""
    assigned = "; only dollars assigned here" if scope_words.within(answer.scope) else ""
    return f"{dollars(row.numerator)} divided by {row.denominator:,.0f}{assigned}"


def sums_table(sums_by: Mapping[str, Answer], what: str) -> dict[str, list[prose.Cell]]:
    """Return the columns of a table by category, region or sector: the three sums, and the corrections in the dollars spent.

    Args:
        sums_by: "allocated", "obligated" and "expended" to their answers.
        what: The breakdown, which heads the first column.
    """
    spent = {row.key: row for row in sums_by["expended"].rows_of(MoneyRow)}
    keys = {row.key for answer in sums_by.values() for row in answer.rows}
    ordered = sorted(keys, key=lambda key: (-_value(spent.get(key)), key))
    columns: dict[str, list[prose.Cell]] = {what.capitalize(): [prose.capital(key) for key in ordered]}
    for name, heading in (("allocated", "Allocated"), ("obligated", "Obligated"), ("expended", "Spent")):
        rows = [sums_by[name].row(key) for key in ordered]
        columns[heading] = [row.value if row else None for row in rows]
    columns["Corrections"] = [row.corrections if row else None for row in map(spent.get, ordered)]
    return columns


def _value(row: MoneyRow | None) -> float:
    return (row.value or 0.0) if row else 0.0


def statewide_only(scope: Scope) -> str:
    """Say which of the chosen filters the Treasury's workers do not follow for protected readers; "" without filters."""
    chosen_filters = prose.join([FILTERS[name].words for name in scope.filters])
    return f"Statewide total only: your role cannot see it by {chosen_filters}" if chosen_filters else ""


def treasury_table(quarters: Mapping[str, Answer]) -> list[dict[str, prose.Cell]]:
    """Return one table row a quarter, newest first: workers enrolled and completing, in the quarter and so far."""
    keys = sorted({row.key for answer in quarters.values() for row in answer.rows})
    as_of = max(answer.as_of for answer in quarters.values())
    rows: list[dict[str, prose.Cell]] = []
    so_far: dict[str, prose.Cell] = dict.fromkeys(quarters, 0.0)
    for key in keys:
        cells: dict[str, prose.Cell] = {"Quarter": quarter_label(key, as_of)}
        for name, word in (("slfrf_enrolled", "Enrolled"), ("slfrf_completing", "Completing")):
            row = prose.row_of(quarters[name], SlfrfRow, key)
            if row:
                so_far[name] = row.cumulative if known(row.cumulative) else NOT_SEPARATE
            cells[f"{word} in the quarter"] = prose.cell_of(row) if row else 0
            cells[f"{word} so far"] = so_far[name]
        rows.append(cells)
    return rows[::-1]
