"""Make what documents show about dollars: the answer in words, the sums by quarter, and where they go."""

from __future__ import annotations

from collections.abc import Mapping

from briefs.blocks import Block, Heading, Sentences, TableBlock
from briefs.charts import LineChart, Series
from briefs.numbers import Number, Source
from components.compared_answers import within
from components.data_table import Table
from components.scoped_answers import ScopedAnswers
from components.text.format import day, dollars, known
from components.text.narratives import funding
from components.text.period_labels import in_time, period_label
from queries.models import Answer, AnswerStatus
from queries.scope import Question

KINDS = {"allocated": "Allocated", "obligated": "Obligated", "expended": "Spent"}


def money_blocks(view: ScopedAnswers) -> list[Block]:
    """Return the dollars of all time under the filters of a document, or why there are none. A group does not apply."""
    scope = view.scope
    view = within(view.under(scope.but(group=None, group_side="in")), since=None, until=None)
    totals = {kind: view.ask(kind) for kind in KINDS}
    burn = view.ask("burn", initiative=view.main_initiative)
    lead = funding.lead(sums=totals | {kind: view.ask(kind) for kind in funding.AWARDS}, burn=burn)
    what_counts = funding.whatever_is_chosen(scope, totals["expended"].as_of)
    blocks: list[Block] = [Heading("Money", what_counts), Sentences(items=(lead,))]
    if totals["expended"].status != AnswerStatus.OK:
        return blocks
    quarters = {kind: view.ask(kind, by="quarter") for kind in KINDS}
    if chart := _over_time(quarters, title=funding.trend_title(*totals.values())):
        blocks.append(chart)
    categories = {kind: view.ask(kind, by="category") for kind in KINDS}
    table = Table.from_columns(funding.sums_table(categories, "category"), funding.UNITS, missing="none recorded")
    title = funding.where_title(categories["expended"], "category")
    if table.row_count:  # before the first posting there is none, and the sentence says so
        blocks.append(TableBlock(title=title, table=table, name="money"))
    return blocks


def _over_time(quarters: Mapping[str, Answer], *, title: str) -> LineChart | None:
    """Return the sums added up quarter by quarter; None where there are fewer than two quarters."""
    keys = [row.key for _, row in in_time([row for answer in quarters.values() for row in answer.rows])]
    keys = list(dict.fromkeys(keys))
    if len(keys) < 2:
        return None
    series = tuple(
        Series(
            name=name,
            numbers=_added_up(quarters[kind], kind, keys),
            is_context=kind != "expended",
        )
        for kind, name in KINDS.items()
        if quarters[kind].rows
    )
    latest = ", ".join(f"{each.name.lower()} {last.text}" for each in series if (last := each.numbers[-1]))
    return LineChart(
        title=title,
        alt=f"{title}. Dollars added up by quarter, {period_label(keys[0])} to {period_label(keys[-1])}: {latest}.",
        unit="dollars",
        categories=tuple(map(period_label, keys)),
        series=series,
        note=f"Dollars added up quarter by quarter, the last one until {day(quarters['expended'].as_of)}.",
    )


def _added_up(answer: Answer, kind: str, keys: list[str]) -> tuple[Number | None, ...]:
    """Return the running sum of an answer by quarter."""
    amounts = {row.key: row.value for row in answer.rows if known(row.value)}
    total, numbers = 0.0, []
    for key in keys:
        total += amounts.get(key) or 0.0
        source = Source(question=Question(kind, "quarter"), scope=answer.scope, key=key, is_running_sum=True)
        numbers.append(Number(text=dollars(total), value=total, unit="dollars", source=source))
    return tuple(numbers)
