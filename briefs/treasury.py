"""The Treasury workbook: what the quarterly report on the recovery funds (SLFRF) asks, with checks and the steps to closeout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import cast

from briefs import treasury_checks
from briefs.answers import DocumentAnswers, answers_under
from briefs.blocks import Block, Figures, Heading, Sentences, SentenceStyle, TableBlock
from briefs.charts import LineChart, Series
from briefs.elements import figure
from briefs.model import BriefError, Document, footnotes
from briefs.numbers import number_of
from briefs.treasury_checks import Check, CheckedSeries, Result
from components.data_table import Table
from components.revisions import revised
from components.text.figure_words import figure_words
from components.text.format import day, dollars
from components.text.listing_rows import Deadline
from components.text.narratives.funding import UNITS, treasury_table
from components.text.period_labels import period_label, quarter_label
from components.text.prose import capital
from components.text.scope_words import within
from queries.calculators.ledger import MoneyRow
from queries.calculators.slfrf import SlfrfRow
from queries.models import Answer, AnswerStatus
from queries.periods import days_of, every
from queries.privacy.family import is_limited
from queries.scope import Scope

TITLE = "Treasury workbook"
NO_WORKERS = "No worker has been recorded yet."
_MONEY_UNITS = {f"{word} {when}": "dollars" for word in ("Obligated", "Spent") for when in ("in the quarter", "so far")}


def treasury(scope: Scope) -> Document:
    """Ask for the Treasury workbook: the initiative paid from the recovery funds, for all time.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: No initiative is paid from the recovery funds, or none of its dollars can be shown.
        NothingPublished: Nothing has been published yet.
    """
    view = _view(scope)
    obligated, expended = (view.ask(_measure(kind, view.scope), by="quarter") for kind in ("obligated", "expended"))
    if expended.status != AnswerStatus.OK:
        raise BriefError(expended.note or "No dollars of the recovery funds have been recorded yet.")
    workers = {name: view.ask(name, by="quarter") for name in ("slfrf_enrolled", "slfrf_completing")}
    totals = {name: view.ask(_measure(name, view.scope)) for name in ("allocated", "obligated", "expended")}
    totals |= {name: _of_all_time(view).ask(name) for name in workers}
    deadlines = cast("Sequence[Deadline]", view.listing("deadlines"))
    checks = treasury_checks.check(_series(obligated, expended, workers), totals, deadlines, as_of=view.as_of)
    left = (totals["obligated"].total.value or 0) - (totals["expended"].total.value or 0)
    of_what = f"{view.scope.initiative}{within(view.scope)}"
    return Document(
        title=f"{TITLE}: {of_what}",
        lead=f"{dollars(left)} of the {dollars(totals['obligated'].total.value)} obligated for {of_what} "
        f"was not spent as of {day(view.as_of)}.",
        more=_checks_words(checks),
        blocks=(
            Figures(
                tuple(figure(answer, figure_words(answer, revised=revised(view, answer))) for answer in totals.values())
            ),
            _indicators(workers),
            TableBlock(
                title="Dollars obligated and spent, by quarter, including corrections",
                table=_money_table(obligated, expended),
                name="Obligations and spending",
            ),
            Heading("Dollars so far"),
            _chart(obligated, expended),
            TableBlock(
                title="Dollars by category of use, all time",
                table=_by_category(view),
                name="By category",
                note="Treasury’s expenditure categories, its word for kinds of spending, are not in the data; these are the ledger’s.",
            ),
            TableBlock(title="Checks of the numbers above", table=treasury_checks.table_of(checks), name="Checks"),
            TableBlock(
                title="Steps to closeout",
                table=_closeout(deadlines, totals, left=left, as_of=view.as_of),
                name="Closeout",
                note="Reports go on until closeout, even when all is spent. Many subawards end earlier, by their agreement.",
            ),
        ),
        facts=view.facts("all time"),
        footnotes=footnotes(list(totals.values())),
        answers=tuple(view.recorded.answers.values()),
    )


def _view(scope: Scope) -> DocumentAnswers:
    """Return the answers about the initiative paid from the recovery funds, for all time."""
    view = answers_under(scope.but(since=None, until=None, group=None, provider=None, sector=None))
    paid = [str(row["initiative"]) for row in view.listing("initiatives") if row["is_slfrf"]]
    if not paid:
        raise BriefError("This delivery has no initiative paid from the recovery funds.")
    initiative = view.scope.initiative or paid[0]
    if initiative not in paid:
        raise BriefError(f"{initiative} is not paid from the recovery funds. Choose one of: {', '.join(paid)}.")
    return view.under(view.scope.but(initiative=initiative))


def _of_all_time(view: DocumentAnswers) -> DocumentAnswers:
    """Return the answers about workers in total. Protected readers get those of the state only, which are all of one initiative."""
    return view.under(view.scope.but(initiative=None)) if is_limited(view.scope) else view


def _indicators(workers: Mapping[str, Answer]) -> Block:
    """Return workers by quarter, or why this reader gets none."""
    title = "Workers in sectoral job training, each counted once, by quarter of their first event"
    rows = treasury_table(workers)
    if not rows:
        return Sentences(
            items=tuple(dict.fromkeys(answer.note or NO_WORKERS for answer in workers.values())),
            title=title,
            style=SentenceStyle.LIST,
        )
    return TableBlock(title=title, table=Table.from_rows(rows, UNITS), name="Indicators")


def _measure(name: str, scope: Scope) -> str:
    """Return the measure of a sum: in a region, of the awards obligated for it, so that both sides are the same awards."""
    return f"award_{name}" if scope.region and name in ("obligated", "expended") else name


def _checks_words(checks: Sequence[Check]) -> str:
    """Say how the checks came out: a check that could not be made has not passed."""
    count, failed = len(checks), sum(check.is_open for check in checks)
    skipped = sum(check.result is Result.NOT_CHECKED for check in checks)
    not_made = (
        f" {skipped} could not be made, because numbers are hidden from this reader or missing." if skipped else ""
    )
    if failed:
        return (
            f"{failed} of {count} checks {'needs' if failed == 1 else 'need'} a look; see the sheet Checks.{not_made}"
        )
    passed = f"{count - skipped} of {count}" if skipped else f"All {count}"
    return f"{passed} checks passed or are explained by corrections.{not_made}"


def _quarters(*answers: Answer) -> list[str]:
    """Return the keys of all quarters from the first with an entry to the one on screen, also of those without any."""
    keys = sorted({row.key for answer in answers for row in answer.rows})
    return every(days_of(keys[0], "quarter")[0], answers[0].as_of, "quarter") if keys else []


def _series(obligated: Answer, expended: Answer, workers: dict[str, Answer]) -> dict[str, CheckedSeries]:
    """Return the cumulative values of each indicator by quarter, with the corrections in the quarter."""
    quarters = _quarters(obligated, expended, *workers.values())
    series = {}
    for name, answer in (("Obligated", obligated), ("Spent", expended)):
        rows = {row.key: row for row in answer.rows_of(MoneyRow)}
        sums = accumulate((rows[key].value or 0.0) if key in rows else 0.0 for key in quarters)
        corrections = tuple((rows[key].corrections or 0.0) if key in rows else 0.0 for key in quarters)
        series[name] = CheckedSeries(tuple(quarters), tuple(sums), corrections, unit="dollars")
    for name, measure in (("Enrolled", "slfrf_enrolled"), ("Completing", "slfrf_completing")):
        counts = {row.key: row.cumulative for row in workers[measure].rows_of(SlfrfRow)}
        is_known = workers[measure].status in (AnswerStatus.OK, AnswerStatus.EMPTY)
        values: list[float | None] = []
        for key in quarters:
            earlier = values[-1] if values else 0.0 if is_known else None
            values.append(counts.get(key, earlier))
        series[name] = CheckedSeries(tuple(quarters), tuple(values), (0.0,) * len(quarters), unit="workers")
    return series


def _money_table(obligated: Answer, expended: Answer) -> Table:
    """Return one row a quarter, newest first: dollars in the quarter and so far."""
    quarters = _quarters(obligated, expended)
    columns: dict[str, list[object]] = {"Quarter": [quarter_label(key, obligated.as_of) for key in quarters]}
    for word, answer in (("Obligated", obligated), ("Spent", expended)):
        values = [(row.value or 0.0) if (row := answer.row(key)) else 0.0 for key in quarters]
        columns[f"{word} in the quarter"] = list(values)
        columns[f"{word} so far"] = list(accumulate(values))
    newest_first = {name: values[::-1] for name, values in columns.items()}
    return Table.from_columns(newest_first, _MONEY_UNITS)


def _chart(obligated: Answer, expended: Answer) -> LineChart:
    quarters = _quarters(obligated, expended)
    title = f"Dollars obligated and spent so far, by quarter: {expended.scope.initiative}{within(expended.scope)}"
    series = []
    for name, answer in (("Obligated", obligated), ("Spent", expended)):
        values = [(row.value or 0.0) if (row := answer.row(key)) else 0.0 for key in quarters]
        rows = [answer.row(key) or answer.row_type(key=key, value=0.0) for key in quarters]
        numbers = tuple(
            number_of(answer, replace(row, value=total), text=dollars(total))
            for row, total in zip(rows, accumulate(values), strict=True)
        )
        series.append(Series(name=name, numbers=numbers, is_context=name == "Obligated"))
    ends = "; ".join(f"{each.name}: {each.numbers[-1].text}" for each in series if each.numbers and each.numbers[-1])
    categories = tuple(map(period_label, quarters))
    return LineChart(title=title, alt=f"{title}. {ends}.", unit="dollars", categories=categories, series=tuple(series))


def _by_category(view: DocumentAnswers) -> Table:
    """Return the dollars obligated and spent by category; the largest spending first."""
    answers = {
        word: view.ask(_measure(kind, view.scope), by="category")
        for word, kind in (("Obligated", "obligated"), ("Spent", "expended"))
    }
    spent = {row.key: row.value or 0.0 for row in answers["Spent"].rows}
    keys = sorted(
        {row.key for answer in answers.values() for row in answer.rows}, key=lambda key: (-spent.get(key, 0), key)
    )
    columns: dict[str, list[object]] = {"Category": [capital(key) for key in keys]}
    for word, answer in answers.items():
        columns[word] = [row.value if (row := answer.row(key)) else None for key in keys]
    return Table.from_columns(columns, dict.fromkeys(answers, "dollars"), missing="none recorded")


def _closeout(deadlines: Sequence[Deadline], totals: Mapping[str, Answer], *, left: float, as_of: date) -> Table:
    """Return the steps to closeout, with the dollars that the data has for them; what the data does not have says so."""
    due = {row["kind"]: row["falls_on"] for row in deadlines}
    allocated, obligated = (totals[name].total.value for name in ("allocated", "obligated"))
    not_in_data = "Not in this data: check your records"
    steps: list[tuple[str, date | None, float | None, str]] = [
        ("Obligate all recovery funds", due.get("obligate"), obligated, _days(due.get("obligate"), as_of)),
        ("Spend all obligated dollars (left to spend)", due.get("expend"), left, _days(due.get("expend"), as_of)),
        ("End or extend each subaward by its agreement", due.get("expend"), None, not_in_data),
        ("Compare the allocation with internal records", None, allocated, "Compare with your ledger"),
        ("Resolve each check that needs a look", None, None, "See the sheet Checks"),
        ("See that the last report has the status “submitted”", None, None, not_in_data),
        ("Start closeout, and file no report after it starts", None, None, not_in_data),
    ]
    return Table.from_columns(
        {
            "Step": [step for step, *_ in steps],
            "Due": [falls_on for _, falls_on, *_ in steps],
            "Dollars": [amount for *_, amount, _ in steps],
            "Status": [status for *_, status in steps],
        },
        {"Dollars": "dollars"},
        missing="",
    )


def _days(falls_on: date | None, as_of: date) -> str:
    if falls_on is None:
        return "No deadline in this delivery"
    days = (falls_on - as_of).days
    return f"In {days:,} days" if days >= 0 else f"{-days:,} days ago"
