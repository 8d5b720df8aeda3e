"""Job openings: openings and hiring commitments, who fills them, and how open positions compare with training."""

from components import card, explain, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.column_chart import column_chart
from components.compared_answers import questions_of, with_compared
from components.release_limits import last_year
from components.text.narratives import jobs as narrative
from components.text.ranking import busiest, first_of
from components.text.scope_words import filters

page = open_page("job_openings")
always = {"since": None, "until": None}
since, until = last_year(page.scope, page.as_of)
# with both filters set, both breakdowns are of the same single row
breakdowns = ("sector",) if page.scope.sector and page.scope.region else ("sector", "region")
page.ask_ahead(
    [
        *with_compared(page, narrative.BY_SOURCE),
        *with_compared(page, narrative.CARDS),
        *questions_of(page, narrative.BY_SOURCE, by="source"),
        *(
            item
            for by in breakdowns
            for item in (
                *questions_of(page, ("open_positions", "in_training"), by=by, **always),
                *questions_of(page, ("completions",), by=by, since=since, until=until),
            )
        ),
    ]
)
positions, still_open = page.ask("positions"), page.ask("open_positions")
filled, by_residents = page.ask("positions_filled"), page.ask("positions_filled_by_participants")
page.lead(narrative.lead(positions=positions, still_open=still_open, filled=filled, by_residents=by_residents))

if explain(positions):
    headline_row(
        [
            card(page, "openings"),
            card(page, "positions"),
            card(page, "open_positions"),
            card(page, "fill_rate"),
            card(page, "participant_share"),
            card(page, "days_to_fill", context=narrative.days_context(page.ask("days_to_fill"))),
        ],
        name="jobs",
    )

    page.section(
        "Open positions compared with training",
        narrative.supply_words(since, until, page.as_of, has_period=bool(page.scope.since or page.scope.until)),
    )
    for by in breakdowns:
        demand = page.ask("open_positions", by=by, **always)
        if not explain(demand):
            continue
        training = page.ask("in_training", by=by, **always)
        completed = page.ask("completions", by=by, since=since, until=until)
        show(
            bar_chart(demand),
            title=narrative.supply_title(demand, training, completed, by),
            words=f"Positions still open by {by}. The table compares them with enrollments in training and completions"
            f" {narrative.completions_year(since, until, page.as_of)}.",
            name=f"open-by-{by}",
            how=demand,
        )
        table(
            narrative.supply_table(demand, training, completed, by),
            name=f"supply-by-{by}",
            units=narrative.supply_units(completed),
            how=demand,
        )

    page.section("Over time")
    by_quarter = page.ask("positions", by="quarter")
    show(
        column_chart(by_quarter),
        title=busiest(by_quarter, "position", "Positions posted"),
        words="Positions posted by quarter, in openings and hiring commitments.",
        name="positions-by-quarter",
        how=by_quarter,
    )

    page.end_first_screen()
    page.section("By source", "Openings on the jobs portal, and hiring commitments that employers made to programs.")
    by_source = [page.ask(measure_id, by="source") for measure_id in narrative.BY_SOURCE]
    if explain(by_source[0]):
        table(narrative.by_source_table(by_source), name="by-source", units=narrative.UNITS, how=positions)

    page.section("Employers")
    by_employer = page.ask("positions", by="employer")
    show(
        bar_chart(by_employer, limit=12),
        title=narrative.employers_title(by_employer),
        words=f"Positions by employer{filters(by_employer)}{first_of(by_employer, 'employer', 12)}.",
        name="by-employer",
        how=by_employer,
    )
page.end()
