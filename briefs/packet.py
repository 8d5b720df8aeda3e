"""The packet for a regional board's meeting: the region against the state and last year, towns, providers, groups, and money."""

from __future__ import annotations

from briefs.answers import DocumentAnswers, answers_under
from briefs.blocks import Block, Figures, Heading, PageBreak, Sentences, SentenceStyle, SideBySide, TableBlock
from briefs.contents import filters_text
from briefs.elements import enrollment_charts, figure, providers_chart
from briefs.equity_elements import heat_table
from briefs.maps import town_map
from briefs.model import BriefError, Document, footnotes
from briefs.money_elements import money_blocks
from components.compared_answers import compared
from components.data_table import Table
from components.equity_data import equity_data_of
from components.region_report import RegionReport, region_data_of, region_report, regions_columns_of, towns_of
from components.release_limits import finest_period
from components.revisions import revised
from components.text.figure_words import figure_words
from components.text.format import people
from components.text.narratives import equity as equity_words
from components.text.narratives import my_region, region_points, region_tables
from components.text.narratives.region_data import ENROLLED_RATE, RegionData
from components.text.scope_words import filters
from queries.models import Answer, AnswerStatus
from queries.scope import Scope

TITLE = "Board packet"
NO_REGION = "A packet is made for one region: choose a region with --region."
NOT_A_REGION = "This delivery does not say in which region residents live, so no packet can be made."
MOST_PAGES = 5  # to aim at; a region with many providers takes six
MOST_PROVIDERS, MOST_TOWNS = 30, 45  # rows of a table
_WIDTH = 1.3  # of a column that is not listed
_WIDTHS = {
    "Measure": 1.7, "Rank of the regions": 1.0,
    "Town": 1.3, "Per 10,000 residents": 1.35, "Residents enrolled": 1.35, "Compared with the rest of the region": 1.4,
    "Provider": 2.2, "Completion rate": 1.0, "Exits": 0.65, "95% interval": 1.1, "Completion finding": 1.4, "Job rate": 0.7,
    "95% interval of jobs": 1.1, "Job finding": 1.4,
}  # fmt: skip
_FIGURES = (ENROLLED_RATE, "completion_rate", "placement_rate", "cost_per_completion")


def packet(scope: Scope, compared_with: str | None = None, *, has_details: bool = False) -> Document:
    """Ask for the packet of one region: the scope's, or the region of a director.

    Args:
        scope: The filters, the date, the delivery and the reader.
        compared_with: What the figures are compared with: see `answers_under`.
        has_details: Whether to add the table of every region, for a workbook.

    Raises:
        AskError: A filter has an unknown value, or the reader cannot ask under these filters.
        BriefError: There is no region, or nothing to report about it.
        NothingPublished: Nothing has been published yet.
    """
    region = scope.region or (scope.viewer.region if scope.viewer else None)
    if region is None:
        raise BriefError(NO_REGION)
    view = answers_under(scope.but(region=region), compared_with=compared_with)
    region = view.scope.region
    if region is None or region not in view.choices.labels("region"):
        raise BriefError(NOT_A_REGION)
    data, comparison = region_data_of(view, region)
    enrolled = data.totals["residents_enrolled"]
    if enrolled.status != AnswerStatus.OK:
        raise BriefError(enrolled.note or "There is nothing to report about this region yet.")
    report = region_report(view, data, comparison)
    blocks = [
        *_region(view, report),
        PageBreak(),
        *_towns(view, data),
        PageBreak(),
        *_providers(report, view.scope.group),
        *_groups(view),
        *money_blocks(view),
    ]
    details = (_every_region(view, data),) if has_details else ()
    lead, *more = my_region.lead_sentences(data)
    return Document(
        title=f"{TITLE}: {region}",
        lead=lead,
        more=" ".join(more),
        blocks=tuple(blocks),
        facts=view.facts(comparison=comparison),
        details=details,
        footnotes=footnotes([*(data.totals[line.measure] for line in data.lines), report.completion]),
        answers=tuple(view.recorded.answers.values()),
        most_pages=MOST_PAGES,
    )


def _region(view: DocumentAnswers, report: RegionReport) -> list[Block]:
    """Return the figures, what to raise, and the comparison with the state and an earlier time."""
    data = report.data
    measures = [measure for measure in _FIGURES if measure in {line.measure for line in data.lines}]
    figures = [
        figure(answer, figure_words(answer, compared=compared(view, measure), revised=revised(view, answer)))
        for measure, answer in ((measure, data.totals[measure]) for measure in measures)
    ]
    by_period = view.ask("residents_new", by=finest_period(view.scope), since=None, until=None)
    points = tuple(point.sentence for point in report.points) or (region_points.NO_POINTS,)
    other = report.comparison.changes.get("region") if report.comparison else None
    table = my_region.comparison_table(data, other=str(other) if other else None)
    return [
        Figures(tuple(figures)),
        *enrollment_charts(by_period, data.by_region[ENROLLED_RATE], view),
        Heading("To raise at the meeting", region_points.point_words(data.who, view.scope, view.as_of)),
        Sentences(items=points, style=SentenceStyle.LIST),
        Heading(f"{data.region} and the state"),
        TableBlock(
            title="",
            table=table,
            name="region-compared",
            widths=_widths(table),
            note=my_region.table_words(data),
        ),
    ]


def _every_region(view: DocumentAnswers, data: RegionData) -> TableBlock:
    """Return the table of every region and the state, next to an earlier time."""
    columns = regions_columns_of(view, data)
    return TableBlock(
        title=region_tables.regions_title(data, columns),
        table=region_tables.regions_table(data, columns),
        name="all-regions",
        note=my_region.table_words(data),
        filters=filters_text(view.under(view.scope.but(region=None)).facts()),
    )


def _towns(view: DocumentAnswers, data: RegionData) -> list[Block]:
    """Return the map and the table of the towns, or why there is none."""
    counts, towns = towns_of(view, data)
    if counts.status != AnswerStatus.OK:
        return [Heading("Towns"), Sentences(items=(counts.note or "There is no town to show yet.",))]
    rates = view.ask(ENROLLED_RATE, by="town")
    title = region_tables.town_title(towns, counts, who=view.who)
    drawn = town_map(view, region_tables.to_shade(rates, counts), data.region, title=title)
    rows = region_tables.town_table(towns).first(MOST_TOWNS)
    shown = f"Showing {MOST_TOWNS} of {people(len(towns))} towns." if len(towns) > MOST_TOWNS else ""
    table = TableBlock(
        title="Towns from low to high" if drawn else title,
        table=rows,
        widths=_widths(rows),
        name="towns",
        note=shown,
    )
    heading = Heading("Towns", region_tables.town_words(view.who))
    return [heading, SideBySide(drawn, table, ratio=0.36)] if drawn else [heading, table]


def _providers(report: RegionReport, group: str | None) -> list[Block]:
    """Return the providers' rates against what is expected for whom they serve. group: The group chosen, which does not apply."""
    completion = report.completion
    if completion.status != AnswerStatus.OK:
        return [Heading("Providers"), Sentences(items=(completion.note or "There is no provider to compare yet.",))]
    chart = providers_chart(completion)
    table = region_tables.provider_table(completion, report.jobs)
    count = table.row_count
    shown = f"Showing {MOST_PROVIDERS} of {people(count)} providers." if count > MOST_PROVIDERS else ""
    return [
        Heading("Providers", region_tables.provider_words(completion, report.jobs, group=group)),
        *([chart] if chart else []),
        TableBlock(
            title=f"Completion and jobs by provider{filters(completion)}",
            table=table.first(MOST_PROVIDERS),
            widths=_widths(table),
            name="providers",
            note=shown,
        ),
    ]


def _widths(table: Table) -> list[float]:
    """Return the relative widths of a table's columns, from _WIDTHS."""
    return [_WIDTHS.get(name, _WIDTH) for name in table.columns]


def _groups(view: DocumentAnswers) -> list[Block]:
    """Return the heat table of the region, or why it is not shown."""
    data = equity_data_of(view)
    if data.shares.status != AnswerStatus.OK:
        return [Heading("Groups"), Sentences(items=(data.shares.note or _nothing(data.shares),))]
    first, more = equity_words.lead(data)
    return [Heading("Groups"), Sentences(items=tuple(filter(None, (first, more)))), heat_table(data)]


def _nothing(answer: Answer) -> str:
    return f"{answer.measure.label}: nothing to compare yet."
