"""My region: how one region compares with the state, the others and a year earlier, and what its board should discuss."""

from dataclasses import replace

from markupsafe import Markup

from components import explain, open_page, table
from components.compared_answers import comparison_of
from components.navigation import jump
from components.sparkline import sparkline
from components.text.narratives import my_region as story
from components.text.narratives import region_data, region_tables
from components.text.scope_words import filters
from queries import Answer, Scope
from queries.privacy.family import is_limited

page = open_page("my_region")
regions = list(page.choices.labels("region"))
region = page.scope.region or (page.scope.viewer.region if page.scope.viewer else None)
if region not in regions:
    page.lead(story.CHOOSE if regions else story.NO_REGIONS)
    with page.controls():
        for name in regions:
            page.offer("region", name, name)
    page.stop()


def answers(scope: Scope, by: str | None = None) -> dict[str, Answer]:
    """Ask for every measure under a scope."""
    people, money = (replace(page, scope=each) for each in (scope, region_data.money_scope(scope, page.as_of)))
    return people.ask_all(region_data.questions(by)) | money.ask_all(region_data.money_questions(by))


here = replace(page, scope=page.scope.but(region=region))
state = page.scope.but(region=None)
comparison = comparison_of(here)
earlier = comparison_of(here, is_place=False)
data = region_data.RegionData(
    region=region,
    regions=regions,
    who=page.who,
    totals=answers(here.scope),
    by_region=answers(state, "region"),
    state=answers(state),
    earlier=answers(here.scope.but(**earlier.changes)) if earlier else {},
    earlier_words=earlier.words if earlier else "",
)
page.lead(story.lead(data))
enrolled = data.totals["residents_enrolled"]
if not explain(enrolled):
    page.stop()

page.section(f"{region} and the state")
period = "quarter" if is_limited(here.scope) else "month"
trends = here.ask_all(region_data.trends(data.lines, period), since=None, until=None)
drawings = [sparkline(trends[line.measure], line.label) if line.measure in trends else Markup() for line in data.lines]
trend_column = {story.trend_heading(period): drawings} if any(drawings) else {}
other = str(comparison.changes["region"]) if comparison and comparison.changes.get("region") else None
compared = replace(story.comparison_table(data, other=other), drawings=trend_column)
table(compared, name="region-compared", how=enrolled)
page.note(story.table_words(data))

page.section("To raise at the meeting", story.POINT_WORDS)
completion, jobs = (
    page.ask("provider_limits", by="provider", region=region, group=None, outcome=outcome)
    for outcome in ("completion_rate", "placement_rate")
)
points = story.points(
    overdue=page.ask("in_training_overdue", region=region),
    completion=completion,
    jobs=jobs,
    burn=page.ask("burn", region=region, group=None, since=None, until=None, initiative=page.main_initiative),
    outcomes=page.ask("outcome_ratio", region=region, group=None),
    nouns={group: page.noun(group) for group in page.choices.labels("group")},
    who=page.who,
)
for point in points:
    page.finding(
        point.sentence,
        point.page,
        point.label,
        page_values=point.page_values,
        **{"region": region, **point.filters},
    )
if not points:
    page.note(story.NO_POINTS)
if completion.status == "ok" and completion.rows:
    page.note(jump("table-region-providers", "Completion and jobs by provider"))

page.section("Towns", region_tables.TOWN_WORDS)
by_town = page.ask("residents_enrolled", by="town", region=region)
if explain(by_town):
    towns = region_tables.towns(
        by_town,
        page.ask("enrolled_per_10000", by="town", region=region),
        data.totals["enrolled_per_10000"],
        names=[row["town"] for row in page.listing("towns") if row["region"] == region],
    )
    title = region_tables.town_title(towns, by_town)
    table(region_tables.town_table(towns), name="region-towns", title=title, how=by_town)

page.section("Providers", region_tables.provider_words(page.scope))
if explain(completion):
    providers = region_tables.provider_table(completion, jobs)
    table(
        providers,
        name="region-providers",
        title=f"Completion and jobs by provider{filters(completion)}",
        how=completion,
    )
page.end()
