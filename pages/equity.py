"""Equity: which group, is it real, what do the totals hide, and how many residents would close the gap?"""

from components import explain, open_page, show, table
from components.charts.dot_plot import dot_plot
from components.text import verdicts as words
from components.text.narratives import answer_data as about
from components.text.narratives import equity as story
from components.text.narratives import findings, group_tables, intersections

page = open_page("equity", extras={"outcome": list(about.OUTCOMES)})
labels = dict(page.choices.groups)
everyone = {"group": None}
told = about.EquityData(
    shares=page.ask("participation_share", **everyone),
    ratios=page.ask("representation_ratio", **everyone),
    gaps=page.ask("gap_residents", **everyone),
    outcomes=page.ask("outcome_ratio", **everyone),
    steps=page.ask("gap_by_step", **everyone),
    parts=page.ask("gap_parts", **everyone),
    by_region=page.ask("gap_residents", by="region", **everyone),
    ratios_by_region=page.ask("representation_ratio", by="region", **everyone),
    outcomes_by_region=page.ask("outcome_ratio", by="region", **everyone),
    outcomes_by_sector=page.ask("outcome_ratio", by="sector", **everyone),
    labels=labels,
    nouns={row["group_id"]: row["member_noun"] for row in page.listing("groups")},
)
page.lead(story.lead(told))

if explain(told.shares):
    page.section("Group by group", group_tables.family(told))
    trends = group_tables.trends(page.ask("participation_over_time", **everyone))
    table(
        group_tables.overview_table(told, trends),
        name="overview",
        units=about.UNITS,
        how=told.gaps,
    )

page.note(group_tables.undisclosed(told))
page.link_to("plan", "What would close a gap: set a goal and a date")

standing_out = findings.findings(told)[: about.MOST_FINDINGS]
if standing_out:
    page.section("What stands out", "In one region or sector, or in what a gap is made of, more than chance explains.")
    for finding in standing_out:
        page.finding(
            finding.sentence,
            finding.page,
            f"{'Look inside' if finding.page == 'gap' else 'What would close it'}: {told.noun(finding.group)}",
            page_values=finding.own,
            group=finding.group,
            **finding.where,
        )

if story.comparable(told.ratios):
    page.section("Who takes part", "A group’s share of residents who answered, against its share of the population.")
    show(
        dot_plot(told.ratios, reference=(1.0, "Parity"), screen=(0.8, "Cut-off"), labels=labels),
        title=story.participation_title(told),
        words="Representation ratio by group with its 95% interval: 1.00 is parity with the benchmark population. "
        "Groups without a comparable benchmark show why.",
        name="representation",
        how=told.ratios,
        rows=group_tables.goals_table(told),
        units=about.UNITS,
    )
    page.note(story.definitions_used(told))

page.section("How they fare", "A group’s rate over that of residents known not to be in it. A screen, not a finding.")
chosen = page.choose("outcome", "Outcome", about.OUTCOMES)
if explain(page.ask(chosen, **everyone)) and explain(told.outcomes):
    rows = [row for row in told.outcomes.rows if row.part == chosen]
    show(
        dot_plot(
            rows,
            measure="outcome_ratio",
            reference=(1.0, "Others’ rate"),
            labels=labels,
            sure=words.sure(rows),
            flagged=words.flagged(rows),
        ),
        title=story.outcome_title(rows, told, chosen),
        words="The group’s rate divided by others’, with 95% intervals. Filled: unlikely to be chance, with every comparison "
        "on this page allowed for. Hollow: chance could make it. Diamond: below four-fifths of the highest group.",
        name="outcome-ratio",
        how=told.outcomes,
        facts={"outcome": chosen},
        rows=group_tables.outcome_table(rows, told),
        units=about.UNITS,
    )
    pairs = page.ask("intersections", outcome=chosen)
    if explain(pairs):
        show(
            dot_plot(
                intersections.lowest(pairs.rows),
                measure="intersections",
                reference=(1.0, "Others’ rate"),
                labels=intersections.labels(pairs.rows, told),
                sure=words.sure(pairs.rows),
            ),
            title=intersections.title(pairs.rows, told, chosen),
            words=f"Two groups at once. {intersections.words_of(pairs.rows)}",
            name="together",
            how=pairs,
            facts={"outcome": chosen},
            rows=intersections.table(pairs.rows, told),
            units=about.UNITS,
        )
page.note("Not disclosed is never counted as no. Outcomes not known yet are left out of their rates.")
page.end()
