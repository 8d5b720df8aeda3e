"""Closing the gap: what would it take, region by region or sector by sector, to bring one group to a goal by a date?"""

from components import explain, figure, headline_row, open_page, page_parameters, quotes, show, table
from components.charts.paired_bars import paired_bars
from components.text.narratives import plan as story
from queries import Goal, dates_open

WHAT = {
    "share": "Share of residents",
    "completion": "Completion",
    "credential": "Credential",
    "placement": "Placement",
}
MEASURED = {
    "share": "participation_share",
    "completion": "completion_rate",
    "credential": "credential_rate",
    "placement": "placement_rate",
}
page = open_page(
    "plan",
    filters=("initiative", "region", "sector", "group", "as_of"),
    extras={"what": list(WHAT), "by": list(story.PLACES), "target": page_parameters.percent, "due": page_parameters.iso_date},
)
labels = dict(page.choices.groups)

if page.scope.group is None:
    gaps = page.ask("gap_residents")
    page.lead(story.choose(gaps, {group: page.noun(group) for group in labels}))
    for group, words in story.behind(gaps, labels):
        page.offer("group", group, words)
    page.note("Any other group can be chosen in the filters.")
    page.stop()

answer_first = page.placeholder()
earliest, latest = dates_open(page.as_of)
with page.controls():
    what = page.choose("what", "What is to rise", WHAT)
    usual = page.ask("closing_plan", goal=Goal(what=MEASURED[what]))
    value = page.percent("target", "Goal, percent", usual.goal and usual.goal.value)
    due = page.day("due", "By", usual.goal.due_on if usual.goal else latest, earliest=earliest, latest=latest)
    offered = story.places_to_choose(page.scope)
    by = page.choose("by", "Shared out over", offered) if offered else None

goal = Goal(value=value, due_on=due, what=MEASURED[what])
whole = page.ask("closing_plan", goal=goal)
places = page.ask("closing_plan", by=by, goal=goal) if by else None
with answer_first:
    said = story.lead(whole, places, who=page.who, where=(page.scope.region, page.scope.sector, page.scope.initiative))
    page.lead(said)

if not explain(whole) or whole.total.value is None:
    page.stop()
headline_row(
    [figure(whole, label=label, value=text, context=context) for label, text, context in story.figures(whole)],
    name="plan",
)
applied = page.ask("residents_applied", by="month", group=None)
page.note(story.caution(whole, applied, page.listing("deadlines"), as_of=page.as_of))
if places is not None and explain(places):
    page.section(f"{story.PLACES[by]} by {by}")
    pairs = story.pairs(places)
    if pairs:
        show(
            paired_bars(pairs, key_name=story.PLACES[by]),
            title=story.title(places),
            words=story.chart_words(places),
            name="asked-a-month",
            how=places,
        )
    table(
        story.columns(places),
        name="plan",
        title="The plan",
        words="The file carries the group, the goal and the date.",
        how=places,
    )

page.section("How this is worked out")
page.note(*story.how(whole, places))
page.section("Send it", "Whoever opens this address sees the same goal and date over the newest delivery.")
quotes([f"{said} {page.here(what=what, by=by, target=page_parameters.percent_text(whole.goal.value), due=whole.goal.due_on)}"])
page.end()
