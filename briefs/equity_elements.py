"""Make what documents show about groups: the heat table, the representation chart and the plans to close a gap."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.blocks import TableBlock
from briefs.charts import Dot, DotChart, Tone
from briefs.numbers import number_of
from components.data_table import Table
from components.equity_data import ComparedEquity
from components.scoped_answers import ScopedAnswers
from components.text import prose
from components.text.format import day, interval, known, people, share
from components.text.narratives import equity, heat, plan
from components.text.narratives.answer_data import EquityData
from components.text.scope_words import filters
from queries.calculators.gap import GapRow
from queries.calculators.group_shares import RepresentationRow
from queries.calculators.plan_rows import PlanRow
from queries.models import Answer, AnswerStatus
from queries.verdicts import BELOW

_MOST_PLANS = 4
_NONE_BELOW = (
    "No gap shown is a clear finding. These groups have fewer residents enrolled than a target or benchmark calls for."
)


def heat_table(data: EquityData, compared: ComparedEquity | None = None) -> TableBlock:
    """Return groups by step: in each cell an arrow and words, colored by the verdict, and in brackets what it is compared with."""
    rows = heat.rows(data, ())
    comparison = compared.comparison if compared else None
    words = heat.compared_words(comparison, data.gaps.scope, "In brackets") if comparison else ""
    changes = heat.changes(rows, heat.rows(compared.data, ()) if compared else (), comparison)
    columns: dict[str, list[object]] = {"Group": [row.name for row in rows]}
    tones: dict[tuple[int, int], heat.Tone] = {}
    for at, name in enumerate(heat.columns()):
        columns[name] = [
            f"{row.cells[at].text} ({line[at]})" if line[at] else row.cells[at].text
            for row, line in zip(rows, changes, strict=True)
        ]
        tones |= {(line, at + 1): row.cells[at].tone for line, row in enumerate(rows)}
    columns[heat.NEEDED] = [row.needed for row in rows]
    return TableBlock(
        title=f"Groups by step{filters(data.gaps)}",
        table=Table.from_columns(columns),
        name="groups",
        tones=tones,
        widths=(1.1, 1.45, 1.32, 1.32, 1.32, 1.32, 0.85),
        note=f"{heat.reading('on the equity page')} {words}".rstrip(),
    )


def representation(data: EquityData) -> DotChart | None:
    """Return each group's share of residents compared with its share of the population; None where none can be compared."""
    sure = equity.sure_shares(data)
    rows = [row for row in data.ratios.rows_of(RepresentationRow) if known(row.value)]
    if not rows:
        return None
    dots = tuple(
        Dot(
            label=data.labels.get(str(row.group or row.key), row.key),
            number=number_of(data.ratios, row),
            low=row.low,
            high=row.high,
            is_clear=row.key in sure,
            tone=Tone.BAD if row.key in sure and (row.value or 0) < 1 else Tone.NEUTRAL,
            words=interval(row.low, row.high, "ratio"),
        )
        for row in sorted(rows, key=lambda row: row.value or 0)
    )
    title = equity.participation_title(data)
    listed = "; ".join(f"{dot.label}: {dot.number.text}" for dot in dots)
    return DotChart(
        title=title,
        alt=f"{title}. Representation ratio by group, where 1.00 is the same share as in the population. {listed}.",
        unit="ratio",
        dots=dots,
        reference=(1.0, "parity, the same share as in the population"),
        note="Filled: unlikely to be chance. Hollow: could be chance, or the benchmark does not allow a finding.",
    )


@dataclass(frozen=True)
class Plans:
    """What it would take to bring groups to their goals: an answer and a sentence a group, and how the groups were chosen."""

    answers: tuple[Answer, ...]
    sentences: tuple[str, ...]
    words: str = ""

    def table(self, data: EquityData) -> TableBlock | None:
        """Return one row a plan that has numbers; None without any."""
        rows = [
            _plan_cells(data, answer)
            for answer in self.answers
            if answer.status == AnswerStatus.OK and known(answer.total.value)
        ]
        if not rows:
            return None
        return TableBlock(
            title="What each goal needs",
            table=Table.from_rows(rows),
            name="plan",
            note="Each plan takes the target in force or the share of the population, and allows for others who enroll until its date.",
        )


def plans(view: ScopedAnswers, data: EquityData) -> Plans:
    """Ask for a plan for each group that is clearly below its goal, the lowest first; if none is, for those short of it."""
    gaps = sorted(data.gaps.rows_of(GapRow), key=lambda row: row.share_of_target or 0)
    below = [str(row.group) for row in gaps if row.verdict == BELOW]
    groups = (below or [str(row.group) for row in gaps if known(row.value) and row.value > 0])[:_MOST_PLANS]
    answers = [view.ask("closing_plan", group=group) for group in groups]
    sentences = [
        plan.lead(answer, None, who=data.noun(group)) for group, answer in zip(groups, answers, strict=True)
    ]  # fmt: skip
    return Plans(tuple(answers), tuple(dict.fromkeys(sentences)), "" if below else _NONE_BELOW)


def _plan_cells(data: EquityData, answer: Answer) -> dict[str, prose.Cell]:
    row = answer.total_of(PlanRow)
    return {
        "Group": data.label(answer.scope.group),
        "Share now": share(row.share),
        "Goal": plan.goal_percent(row),
        "By": day(row.due_on),
        "Still to enroll": people(row.value),
        "Needed per month": row.needed_monthly,
        "Now per month": row.now_monthly,
    }
