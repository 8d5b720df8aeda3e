"""Regions: one region’s enrollment, referrals, programs, supports and money, compared with the state and other regions."""

from dataclasses import replace

from components import card, draw_map, explain, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.compared_answers import questions_of, with_compared
from components.data_table import Table
from components.every_region import counted_in_every_region, with_every_region
from components.page_parameters import any_text
from components.text import ranking
from components.text.narratives import cross_initiative, map_words
from components.text.narratives import regions as narrative
from components.text.narratives.sectors import bases
from components.text.prose import capital
from components.text.scope_words import filters

page = open_page("regions", extras={"map": list(map_words.CHOICES), "town": any_text})
region, town = page.scope.region, page.extras.get("town")
where = region or "the state"
who = capital(page.who)
state = {"region": None}
everyone = page.under(page.scope.but(group=None))  # dollars are of no group
regions = list(page.choices.labels("region"))
page.ask_ahead(
    [
        *with_compared(page, narrative.CARDS),
        *questions_of(page, ("in_training_overdue", "residents_new")),
        *questions_of(page, (*narrative.CARDS, "enrolled_per_10000"), **state),
        *questions_of(page, map_words.CHOICES, by="region", **state),
    ]
)

enrolled = page.ask("residents_enrolled")
by_region = page.ask("residents_enrolled", by="region", **state)
completion = page.ask("completion_rate")
state_completion = page.ask("completion_rate", **state)
page.lead(
    narrative.lead(
        region=region,
        enrolled=enrolled,
        by_region=by_region,
        completion=completion,
        state_completion=state_completion,
        rates=page.ask("enrolled_per_10000", by="region", **state),
        state_rate=page.ask("enrolled_per_10000", **state),
        regions=regions,
        who=page.who,
    ),
    narrative.town_words(
        town, page.ask("residents_enrolled", by="town"), page.ask("enrolled_per_10000", by="town"), page.who
    )
    if town
    else "",
)

headline_row(
    [
        card(
            page,
            "residents_enrolled",
            context=narrative.of_state(
                enrolled, page.ask("residents_enrolled", **state), region, page.ask("residents_new")
            ),
        ),
        card(page, "completion_rate", context=narrative.with_state(completion, state_completion, region)),
        card(
            page,
            "placement_rate",
            context=narrative.with_state(page.ask("placement_rate"), page.ask("placement_rate", **state), region),
        ),
        card(page, "in_training", context=narrative.overdue(page.ask("in_training"), page.ask("in_training_overdue"))),
        card(
            everyone,
            "expended",
            context=narrative.assigned(page.scope, everyone.ask("expended", by="region", region=None)),
        ),
    ],
    name="region",
)

page.section("Region by region", "Choose a region; the link updates.")
if explain(by_region):
    by_measure = {measure: page.ask(measure, by="region", **state) for measure in map_words.CHOICES}
    by_part = {measure: page.ask(measure, by="town") for measure in (map_words.RATE, map_words.COUNT)}
    draw_map(page, by_region=by_measure, by_town=by_part)
    page.end_first_screen()
    completion_by_region, placement_by_region = by_measure["completion_rate"], by_measure["placement_rate"]
    page.note(bases(completion_by_region, placement_by_region), narrative.FOR_ALL if page.scope.group else "")
    compared = narrative.compared_table(
        enrolled=counted_in_every_region(by_region, regions),
        rates=with_every_region(by_measure[map_words.RATE], page),
        completion=completion_by_region,
        placement=placement_by_region,
        supports=page.ask("supports_reach", by="region", **state),
        expended=everyone.ask("expended", by="region", region=None),
    )
    rows = replace(Table.from_rows(compared, narrative.UNITS), bars=narrative.BARS)
    table(rows, name="regions-compared", title="Regions compared", how=by_region)

page.note(
    *cross_initiative.also(
        page.ask("learners", **cross_initiative.EVERYONE), page.ask("positions", **cross_initiative.EMPLOYERS)
    ),
    is_content=True,
)

page.section(f"By town in {where}")
by_town = page.ask("residents_enrolled", by="town")
if explain(by_town):
    show(
        bar_chart(by_town, limit=12),
        title=ranking.most(by_town, "town", of=f"{page.who} enrolled{filters(by_town)}"),
        words=f"{who} enrolled{filters(by_town)} by town of residence{ranking.first_of(by_town, 'town', 12)}.",
        name="by-town",
        how=by_town,
    )

page.section("How people were referred", "By a workforce development board or a community-based organization.")
by_intake = page.ask("residents_applied", by="intake")
if explain(by_intake):
    show(
        bar_chart(by_intake, limit=15),
        title=ranking.most(by_intake, "organization", of=f"{page.who} who applied{filters(by_intake)}"),
        words=f"{who} who applied{filters(by_intake)}, by the organization that referred them.",
        name="by-intake",
        how=by_intake,
    )

page.section("Programs and providers")
enrolled_by = {by: page.ask("residents_enrolled", by=by) for by in ("program", "provider")}
for by, counts in enrolled_by.items():
    if explain(counts):
        rates = page.ask("completion_rate", by=by)
        show(
            replace(
                bar_chart(counts, limit=10),
                table=Table.from_columns(narrative.with_rate(counts, rates, by), narrative.UNITS),
            ),
            title=ranking.most(counts, by, of=f"{page.who} enrolled{filters(counts)}"),
            words=f"{who} enrolled{filters(counts)} by {by}{ranking.first_of(counts, by, 10)}. "
            "On the page, “Show data” adds their completion rates.",
            name=f"by-{by}",
            how=counts,
        )
    elif counts.note == enrolled_by["provider"].note:
        break  # one reason for both stands once
page.end()
