"""Equity: which groups are behind, is it unlikely to be chance, and how many residents would close the gap?"""

from components import explain, heat_table, open_page, show, table
from components.charts.dot_plot import dot_plot
from components.compared_answers import comparison_of
from components.equity_data import compared_equity_of, equity_data_of
from components.navigation import jump
from components.text import prose
from components.text import verdicts as words
from components.text.narratives import answer_data as about
from components.text.narratives import equity as narrative
from components.text.narratives import findings, group_tables, heat, heat_regions, intersections
from queries.calculators.intersections import IntersectionRow
from queries.calculators.outcome_ratio import OutcomeRow

page = open_page("equity", extras={"outcome": list(about.OUTCOMES), "by_region": list(heat_regions.CHOICES)})
labels = page.choices.labels("group")
everyone = {"group": None}
data = equity_data_of(page, page.extras.get("outcome"))
page.lead(*narrative.lead(data))
can_compare = data.shares.status != "not_allowed"  # else the reason stands once, in place of the page

if explain(data.shares):
    compared = compared_equity_of(page, data)
    heat_table.draw(page, data, compared)
    page.note(heat.reading(), heat.compared_words(compared.comparison if compared else None, page.scope))
    if data.pairs.status == "ok" and data.pairs.rows:
        page.note(jump("chart-two-groups", "Residents in two groups at once"))
    trends = group_tables.trends(data.over_time)
    page.end_first_screen()
    page.section("Group by group", words.family(data.outcomes.rows_of(OutcomeRow), is_page=True))
    table(
        group_tables.overview_table(data, trends),
        name="overview",
        units=about.UNITS,
        how=data.gaps,
    )

if heat_regions.regions(data):
    page.section("Region by region", "Each group in each region. Choose a cell for the group in that region.")
    measure = page.choose("by_region", "Compare by", heat_regions.CHOICES)
    heat_table.draw_by_region(page, data, measure)
    if comparison := comparison_of(page, is_place=False):
        page.note(heat.compared_words(comparison, page.scope, figures=heat_regions.figures(measure)))

page.note(*group_tables.undisclosed(data))
page.link_to("gap_plan", "Plan to close a gap: set a goal and a date")

largest = findings.findings(data)[: about.MOST_FINDINGS]
if largest:
    page.section("Gaps to look at first", findings.words(data))
    for finding in largest:
        page.finding(
            finding.sentence,
            finding.page,
            f"{'Look inside the gap' if finding.page == 'one_group' else 'Plan to close it'}: "
            f"{data.noun(finding.group)}{finding.place}",
            page_values=finding.page_values,
            group=finding.group,
            **finding.where,
        )

if prose.has_values(data.ratios):
    page.section(
        "Enrollment compared with population",
        "A group’s share of residents who answered, divided by its share of the population it is compared with.",
    )
    show(
        dot_plot(
            data.ratios,
            reference=(1.0, "Parity"),
            labels=labels,
            sure=narrative.sure_shares(data),
        ),
        title=narrative.participation_title(data),
        words="Representation ratio by group; filled: unlikely to be chance. The 95% interval allows for the margin of error of the "
        "benchmark, where one is published. Parity means the same share as in the population.",
        name="representation",
        how=data.ratios,
        rows=group_tables.goals_table(data),
        units=about.UNITS,
    )
    page.note(*narrative.definitions_used(data))

if can_compare:
    page.section(
        "Results by group",
        "A group’s rate divided by the rate of residents known not to be in it. A flag to check, not proof.",
    )
    chosen = page.choose("outcome", "Outcome", about.OUTCOMES)
    rate = page.ask(chosen, **everyone)
if can_compare and explain(rate) and explain(data.outcomes):
    rows = [row for row in data.outcomes.rows_of(OutcomeRow) if row.part == chosen]
    show(
        dot_plot(
            rows,
            measure="outcome_ratio",
            reference=(1.0, "Others’ rate"),
            labels=labels,
            sure=words.sure(rows),
            flagged=words.flagged(rows),
        ),
        title=narrative.outcome_title(rows, data, chosen),
        words="The group’s rate divided by others’, with 95% intervals. Filled: unlikely to be chance, allowing for every "
        "comparison on this page. Hollow: could be chance. Diamond: below four-fifths of the highest rate.",
        name="outcome-ratio",
        how=data.outcomes,
        facts={"outcome": chosen},
        rows=group_tables.outcome_table(rows, data),
        units=about.UNITS,
    )
    page.note(words.not_known_yet(rate, "residents"), *group_tables.SCREENS)
    if explain(data.pairs):
        pair_rows = data.pairs.rows_of(IntersectionRow)
        show(
            dot_plot(
                intersections.lowest(pair_rows),
                measure="intersections",
                reference=(1.0, "Others’ rate"),
                labels=intersections.labels(pair_rows, data),
                sure=words.sure(pair_rows),
            ),
            title=intersections.title(pair_rows, data, chosen),
            words=f"Two groups at once. {intersections.chart_words(pair_rows)}",
            name="two-groups",
            how=data.pairs,
            facts={"outcome": chosen},
            rows=intersections.table(pair_rows, data),
            units=about.UNITS,
        )
        enrolled = page.ask("pair_participation")
        if data.pairs.status != "not_allowed" and explain(enrolled):  # else the reason stands there already
            table(
                intersections.enrolled_table(enrolled, data),
                name="pairs-enrolled",
                title=intersections.enrolled_title(enrolled, data),
                words=intersections.ENROLLED_WORDS,
                units=about.UNITS,
                how=enrolled,
            )
page.note("Not disclosed is never counted as no. Outcomes that are not known yet are left out of their rates.")
page.link_to("definitions", "What chance means when everyone is counted")
page.end()
