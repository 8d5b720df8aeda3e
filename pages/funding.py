"""Funding: allocated, obligated, expended, the burn and the deadlines, cost per outcome, and where the dollars go."""

from dataclasses import replace

from components import explain, figure, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.line_chart import line_chart
from components.file_facts import UNFILTERED
from components.text.format import day
from components.text.narratives import funding as story

page = open_page("funding", filters=("initiative", "region", "sector", "period", "as_of"))
KINDS = ("allocated", "obligated", "expended")
allocated, obligated, expended = totals = [page.ask(kind) for kind in KINDS]
initiative = page.main_initiative
burn = page.ask("burn", since=None, until=None, initiative=initiative)
always = {"since": None, "until": None}
all_time = {"from": None, "to": None}
so_far = [page.ask(kind, **always) for kind in KINDS]
page.lead(story.lead(allocated=so_far[0], obligated=so_far[1], expended=so_far[2], burn=burn))

if explain(expended):
    headline_row(
        [
            *(figure(answer, context=story.corrections(answer)) for answer in totals),
            figure(burn, label="Spent in the last 90 days", context=f"{initiative}, since {day(page.days_ago(89))}"),
        ],
        name="money",
    )

    page.section(
        "Deadlines", "Obligated and expended are different: an obligation is a signed award, contract or order."
    )
    table(
        [
            {
                "Deadline": row["deadline"],
                "Date": row["falls_on"],
                "From the date shown": story.deadline(row, page.as_of),
            }
            for row in page.listing("deadlines")
        ],
        name="deadlines",
        facts=UNFILTERED,
    )
    by_quarter = {kind: page.ask(kind, by="quarter", **always) for kind in KINDS}
    show(
        line_chart(by_quarter, cumulative=True),
        title=story.trend_title(*so_far),
        words="Dollars allocated, obligated and expended, added up quarter by quarter. "
        f"As of {day(page.as_of)}: {story.sums(dict(zip(KINDS, so_far, strict=True)))}.",
        name="money-over-time",
        how=expended,
        facts=all_time,
    )

    page.section(
        "What an outcome costs", "Dollars spent divided by each outcome: four costs, because they are four questions."
    )
    headline_row(
        [
            figure(page.ask(f"cost_per_{of}"), context=story.cost_context(page.ask(f"cost_per_{of}")))
            for of in ("enrolled", "completion", "credential", "placement")
        ],
        name="costs",
    )

    page.section("Where the dollars go")
    for by in ("category", "region", "sector"):
        if getattr(page.scope, by, None):
            continue  # all of it is in the one chosen
        by_kind = {kind: page.ask(kind, by=by) for kind in KINDS}
        show(
            replace(bar_chart(by_kind["expended"]), table=story.by_kind_table(by_kind, by)),
            title=story.where_title(by_kind["expended"], by),
            words=f"Dollars spent by {by}, corrections included; dollars not assigned to one {by} are shown as such. "
            "The table has allocated and obligated dollars too, and the corrections.",
            name=f"spent-by-{by}",
            how=by_kind["expended"],
        )

    page.section(
        "As Treasury asks", "Workers in sectoral job training programs paid from the recovery funds, each counted once."
    )
    quarters = {
        name: page.ask(name, by="quarter", since=None, until=None) for name in ("slfrf_enrolled", "slfrf_completing")
    }
    if explain(quarters["slfrf_enrolled"]):
        table(story.treasury_table(quarters), name="slfrf", units=story.UNITS, how=quarters["slfrf_enrolled"])
page.end()
