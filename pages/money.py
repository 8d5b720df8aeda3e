"""Money: dollars allocated, obligated and spent, the deadlines, the cost per outcome, and where the dollars go."""

from dataclasses import replace

from components import card, explain, figure, headline_row, open_page, show, show_ahead, table
from components.charts.bars import bar_chart
from components.charts.line_chart import line_chart
from components.compared_answers import questions_of, with_compared
from components.data_table import Table
from components.file_facts import UNFILTERED
from components.text.format import day
from components.text.narratives import burn_down
from components.text.narratives import funding as narrative
from components.text.prose import capital
from queries.privacy.family import is_limited

page = open_page("money")
KINDS = narrative.KINDS
NAMES = ("Allocated", "Obligated", "Spent")
initiative = page.main_initiative
always = {"since": None, "until": None}
workers_by = None if is_limited(page.scope) else "quarter"  # a hidden quarter would follow from other measures
places = [by for by in ("category", "region", "sector") if not getattr(page.scope, by, None)]  # else there is one value
awards = page.under(page.scope.but(initiative=initiative, **always))
burn = awards.ask("burn")
spent = page.ask("award_expended", by="month", initiative=initiative, **always)
remaining = burn_down.burn_down(spent, burn)
if remaining is not None:
    deadline_chart = line_chart(
        {burn_down.line_name(burn): remaining.left},
        measure="expended",
        target=remaining.pace,
        target_name=burn_down.PACE,
    )
    show_ahead(deadline_chart, name="burn-down")
page.ask_ahead(
    [
        *with_compared(page, KINDS),
        *questions_of(page, narrative.SUMS, **always),
    ]
)
allocated, obligated, expended = totals = [page.ask(kind) for kind in KINDS]
all_time = {"from": None, "to": None}
so_far = [page.ask(kind, **always) for kind in KINDS]
page.lead(narrative.lead(sums={kind: page.ask(kind, **always) for kind in narrative.SUMS}, burn=burn))

if explain(expended):
    headline_row(
        [
            *(
                card(page, kind, context=narrative.corrections(answer))
                for kind, answer in zip(KINDS, totals, strict=True)
            ),
            card(
                awards,
                "burn",
                is_place=True,
                context=f"{capital(burn_down.spender(burn.scope))}, since {day(page.days_ago(89))}",
            ),
        ],
        name="money",
    )
    page.note(*narrative.bases(page.scope, page.as_of))

    page.section(
        "Deadlines",
        "Obligated is not the same as spent: an obligation is a signed award, contract or order.",
    )
    if remaining is not None:
        show(
            replace(deadline_chart, table=burn_down.chart_table(deadline_chart.table, burn)),
            title=burn_down.title(burn),
            words=burn_down.words(burn),
            name="burn-down",
            how=spent,
            facts=all_time,
            rows=burn_down.table(remaining),
            units=burn_down.UNITS,
        )
    page.end_first_screen()
    page.ask_ahead(
        [
            *questions_of(page, KINDS, by="quarter", **always),
            *with_compared(page, narrative.COSTS, is_place=True),
            *(item for by in places for item in questions_of(page, KINDS, by=by)),
            *questions_of(page, narrative.TREASURY, by=workers_by, **always),
        ]
    )
    table(
        narrative.deadline_table(page.listing("deadlines"), as_of=page.as_of),
        name="deadlines",
        title="Federal deadlines",
        facts=UNFILTERED,
    )
    by_quarter = {name: page.ask(kind, by="quarter", **always) for name, kind in zip(NAMES, KINDS, strict=True)}
    if any(answer.rows for answer in by_quarter.values()):
        show(
            line_chart(by_quarter, cumulative=True),
            title=narrative.trend_title(*so_far),
            words="Dollars allocated, obligated and spent, added up quarter by quarter.",
            name="money-over-time",
            how=expended,
            facts=all_time,
        )

    page.section("What an outcome costs", "Dollars spent divided by the number of each outcome.")
    headline_row(
        [
            card(page, measure_id, context=narrative.cost_context(page.ask(measure_id)), is_place=True)
            for measure_id in narrative.COSTS
        ],
        name="costs",
    )

    page.section("Where the dollars go")
    for by in places:
        sums_by = {kind: page.ask(kind, by=by) for kind in KINDS}
        columns = narrative.sums_table(sums_by, by)
        show(
            replace(
                bar_chart(sums_by["expended"]),
                table=Table.from_columns(columns, narrative.UNITS, missing="none recorded"),
            ),
            title=narrative.where_title(sums_by["expended"], by),
            words=f"Dollars spent by {by}, including corrections; dollars not assigned to a {by} are shown as “Not assigned”. "
            "On the page, “Show data” adds dollars allocated and obligated, and the corrections.",
            name=f"spent-by-{by}",
            how=sums_by["expended"],
        )

    page.section(
        "U.S. Treasury report",
        "Workers in sectoral job training programs paid from the recovery funds, each counted once.",
    )
    if not workers_by:
        statewide = [page.ask(name, **always, **dict.fromkeys(page.scope.filters)) for name in narrative.TREASURY]
        context = narrative.statewide_only(page.scope)
        headline_row([figure(answer, context=context) for answer in statewide], name="treasury-report")
    else:
        workers = {name: page.ask(name, by=workers_by, **always) for name in narrative.TREASURY}
        if explain(workers["slfrf_enrolled"]):
            table(
                narrative.treasury_table(workers),
                name="treasury-report",
                units=narrative.UNITS,
                how=workers["slfrf_enrolled"],
            )
page.end()
