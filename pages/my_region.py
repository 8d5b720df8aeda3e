"""My region: how one region compares with the state, the others and a year earlier, and what its board should discuss."""

from dataclasses import replace

from markupsafe import Markup

from components import explain, open_page, page_contents, table, tables
from components.navigation import jump
from components.region_picker import draw_towns
from components.region_report import region_data_of, region_report, regions_columns_of, towns_of
from components.sparkline import trend_column
from components.text import first_time
from components.text.narratives import my_region as narrative
from components.text.narratives import region_data, region_points, region_tables
from components.text.scope_words import filters
from queries.privacy.family import is_limited

PROVIDERS = "Completion and jobs by provider"

page = open_page("my_region")
regions = list(page.choices.labels("region"))
region = page.scope.region
if region not in regions:
    home = page.scope.viewer.region if page.scope.viewer else None
    page.lead(narrative.choose(None if home in regions else home) if regions else narrative.NO_REGIONS)
    with page.controls():
        for name in regions:
            page.offer("region", name, name)
    page.stop()

data, comparison = region_data_of(page, region)
here = page.under(page.scope.but(region=region))
page.lead(narrative.lead(data))
enrolled = data.totals["residents_enrolled"]
if not explain(enrolled):
    page.stop()

page.section(f"{region} and the state")
period = "quarter" if is_limited(here.scope) else "month"
trends = here.ask_all(region_data.trends(data.lines, period), since=None, until=None)
drawings = trend_column([trends.get(line.measure) for line in data.lines], [line.label for line in data.lines])
other = str(comparison.changes["region"]) if comparison and comparison.changes.get("region") else None
compared = replace(
    narrative.comparison_table(data, other=other),
    drawings={narrative.trend_heading(period): drawings} if drawings else {},
)
table(compared, name="region-compared", how=enrolled)
page.note(first_time.sentence(enrolled, here.ask("residents_new"), data.who), narrative.table_words(data))
if page_contents.collected() is not None:  # a file also has the other regions
    columns = regions_columns_of(page, data)
    tables.note_table(
        region_tables.regions_table(data, columns),
        name="all-regions",
        title=region_tables.regions_title(data, columns),
        words=narrative.table_words(data),
        how=data.by_region["residents_enrolled"],
        facts=None,
    )

page.end_first_screen()
page.section("To raise at the meeting", region_points.point_words(page.who, page.scope, page.as_of))
report = region_report(page, data, comparison)
completion, points = report.completion, report.points
for point in points:
    page.finding(
        point.sentence,
        point.page,
        point.label,
        page_values=point.page_values,
        **{"region": region, **point.filters},
    )
if not points:
    page.note(region_points.NO_POINTS, is_content=True)
if completion.status == "ok" and completion.rows:
    page.note(
        Markup("Every provider’s rates are further down this page: {}.").format(
            jump("table-region-providers", PROVIDERS)
        )
    )

page.section("Towns", f"From low to high. {region_tables.town_words(page.who)}")
by_town, towns = towns_of(page, data)
if explain(by_town):
    title = region_tables.town_title(towns, by_town, who=page.who)
    table(region_tables.town_table(towns), name="region-towns", title=title, how=by_town)
    rates = page.ask("enrolled_per_10000", by="town", region=region)
    shaded = region_tables.to_shade(rates, by_town)
    draw_towns(page, by_region=data.by_region[shaded.measure.id], by_town=shaded)

page.section("Providers", region_tables.provider_words(completion, report.jobs, group=page.scope.group))
if explain(completion):
    providers = region_tables.provider_table(completion, report.jobs)
    table(
        providers,
        name="region-providers",
        title=f"{PROVIDERS}{filters(completion)}",
        how=completion,
    )
page.end()
