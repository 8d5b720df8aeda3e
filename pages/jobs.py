"""Jobs: openings and hiring commitments, who fills them, and supply against demand by sector and region."""

from components import explain, figure, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.column_chart import column_chart
from components.text.narratives import jobs as story

page = open_page("jobs", filters=("region", "sector", "period", "as_of"))
positions, still_open = page.ask("positions"), page.ask("open_positions")
filled, by_residents = page.ask("positions_filled"), page.ask("positions_filled_by_participants")
page.lead(story.lead(positions=positions, still_open=still_open, filled=filled, by_residents=by_residents))

if explain(positions):
    headline_row(
        [
            figure(page.ask("openings")),
            figure(positions),
            figure(still_open),
            figure(page.ask("fill_rate")),
            figure(page.ask("participant_share")),
            figure(page.ask("days_to_fill"), context=story.days_context(page.ask("days_to_fill"))),
        ],
        name="jobs",
    )

    page.section("Supply against demand", story.SUPPLY)
    always = {"since": None, "until": None}
    for by in ("sector", "region"):
        demand = page.ask("open_positions", by=by, **always)
        if not explain(demand):
            continue
        supply = [
            page.ask("in_training", by=by, **always),
            page.ask("completions", by=by, since=page.days_ago(364), until=page.as_of),
        ]
        show(
            bar_chart(demand),
            title=story.tightest(demand, *supply, by),
            words=f"Positions still open by {by}; the table sets them beside enrollments in training and the completions of a year.",
            name=f"open-by-{by}",
            how=demand,
        )
        table(story.supply_table(demand, *supply, by), name=f"supply-by-{by}", units=story.UNITS, how=demand)

    page.section("Over time")
    by_quarter = page.ask("positions", by="quarter")
    show(
        column_chart(by_quarter),
        title=story.busiest(by_quarter),
        words="Positions posted by quarter, openings and hiring commitments together.",
        name="positions-by-quarter",
        how=by_quarter,
    )

    page.section("Two ways to a job", "Openings on the jobs portal, and commitments that employers made to programs.")
    table(
        story.by_source_table([page.ask(one, by="source") for one in story.BY_SOURCE]),
        name="by-source",
        units=story.UNITS,
        how=positions,
    )

    page.section("Employers")
    by_employer = page.ask("positions", by="employer")
    show(
        bar_chart(by_employer, limit=12),
        title=story.first(by_employer),
        words="Positions by employer, the twelve largest; the table has every employer.",
        name="by-employer",
        how=by_employer,
    )
page.end()
