"""Gap plan: what would it take, by region or sector, to bring one group to a goal by a date?"""

from components import explain, figure, headline_row, open_page, page_parameters, quotes, show, table
from components.charts.bars import bar_chart
from components.charts.paired_bars import paired_bars
from components.release_limits import finest_period, not_in_plans
from components.text import verdicts
from components.text.narratives import plan as narrative
from components.text.narratives import plan_groups, plan_places
from components.text.narratives.answer_data import GOT_A_JOB
from components.text.scope_words import everywhere
from queries import Goal, dates_open

WHAT = {
    "share": "Share of residents",
    "completion": "Completion",
    "credential": "Credential",
    "placement": GOT_A_JOB,
}
MEASURED = {
    "share": "participation_share",
    "completion": "completion_rate",
    "credential": "credential_rate",
    "placement": "placement_rate",
}
page = open_page(
    "gap_plan",
    extras={
        "what": list(WHAT),
        "by": list(narrative.PLACES),
        "target": page_parameters.percent,
        "due": page_parameters.iso_date,
    },
)
labels = page.choices.labels("group")

cleared = not_in_plans(page.scope)
if page.scope.group is None:
    gaps = page.ask("gap_residents")
    page.lead(plan_groups.choose(gaps, {group: page.noun(group) for group in labels}, widened=everywhere(cleared)))
    if cleared:
        page.link_to("gap_plan", f"Plan for a group in {everywhere(cleared)}", **dict.fromkeys(cleared))
    else:
        offered = plan_groups.behind(gaps, labels)
        with page.controls():
            for group, label in offered:
                page.offer("group", group, label)
        page.note("Choose any other group in the filters." if offered else "")
    if short := plan_groups.short(gaps):
        show(
            bar_chart(short, measure="gap_residents", labels=labels),
            title=plan_groups.short_title(gaps),
            words=plan_groups.SHORT_WORDS,
            name="gaps",
            how=gaps,
            picks_by=None if cleared else "group",
        )
    page.stop()

if cleared:
    page.lead(plan_groups.not_here(page.scope, everywhere(cleared), who=page.who))
    page.link_to("gap_plan", f"Plan for {page.who}", page_values={"what": page.extras.get("what")})
    page.stop()

answer_first = page.placeholder()
earliest, latest = dates_open(page.as_of)
with page.controls():
    what = page.choose("what", "What to raise", WHAT)
    default = page.ask("closing_plan", goal=Goal(what=MEASURED[what])).goal or Goal()
    value = page.percent("target", "Goal, percent", default.value)
    due = page.day("due", "By date", default.due_on or latest, earliest=earliest, latest=latest)
    options = narrative.places_to_choose(page.scope)
    by = page.choose("by", "Split by", options) if options else None

goal = Goal(value=value, due_on=due, what=MEASURED[what])
plan = page.ask("closing_plan", goal=goal)
places = page.ask("closing_plan", by=by, goal=goal) if by else None
with answer_first:
    sentence = narrative.lead(plan, places, who=page.who)
    page.lead(sentence)

if not explain(plan) or plan.total.value is None:
    page.stop()
resolved = plan.goal or goal
headline_row(
    [
        figure(plan, label=each.label, value=each.text, number=each.number, context=each.context)
        for each in narrative.figures(plan)
    ],
    name="plan",
)
applied = page.ask("residents_applied", by=finest_period(page.scope), group=None)
page.note(narrative.caution(plan, applied, page.listing("deadlines"), as_of=page.as_of))
if by and places is not None and explain(places):
    is_own_goal = value is not None or due is not None
    page.section(f"{narrative.PLACES[by]} by {by}", plan_places.not_shown(places, is_own_goal=is_own_goal))
    other = next((each for each in options if each != by), None)
    if other and plan_places.is_mostly_hidden(places):
        by_other = page.ask("closing_plan", by=other, goal=goal)
        if plan_places.shown(by_other) > plan_places.shown(places):
            page.link_to("gap_plan", f"Plan by {other}, where more is shown", page_values={"what": what, "by": other})
    pairs = plan_places.pairs(places)
    if pairs:
        show(
            paired_bars(pairs, key_name=narrative.PLACES[by]),
            title=plan_places.title(places, who=page.who),
            words=plan_places.chart_words(places),
            name="needed-per-month",
            how=places,
        )
    if plan_places.shown(places):
        table(
            plan_places.table(places),
            name="plan",
            title="The plan",
            words=f"{plan_places.without_room(plan, places, who=page.who)} The file includes the group, the goal and the date.".strip(),
            how=places,
        )

page.section("How this is calculated")
not_known = verdicts.not_known_yet(page.ask(MEASURED[what]), page.who)
page.note(*plan_places.how(plan, places, not_known=not_known))
page.section(
    "Share this plan", "Anyone with access who opens this link sees the same goal and date, with the newest delivery."
)
target = page_parameters.percent_text(resolved.value or 0)
quotes([f"{sentence} {page.here(what=what, by=by, target=target, due=resolved.due_on)}"])
page.end()
