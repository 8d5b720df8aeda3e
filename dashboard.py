"""Overview: is enrollment growing, are we on schedule, is the money spent in time, and what can be said at the podium on Friday?"""

from components import explain, headline_row, open_page, quotes, show, show_ahead
from components.charts.bars import bar_chart
from components.charts.line_chart import line_chart
from components.charts.year_over_year import year_over_year
from components.compared_answers import questions_of, within
from components.comparison import CHOOSE_CLOSED
from components.metric_cards import worded
from components.overview_data import headline_data, overview_of
from components.overview_figures import overview_figures
from components.periods import end_of
from components.region_strip import region_strip
from components.release_limits import finest_period
from components.text.first_time import since_first
from components.text.narratives import cross_initiative, news
from components.text.narratives import headlines as narrative
from components.text.prose import has_values
from components.text.scope_words import chosen

page = open_page("overview")
initiative = page.main_initiative
ever = within(page, since=None, until=None)
by_period = ever.ask("residents_new", by=finest_period(page.scope))
last_day = end_of(page.scope, page.as_of)
if has_values(by_period):
    show_ahead(year_over_year(by_period, last_day), name="year-over-year")
overview = overview_of(page)
pace = overview.pace
has_target = bool(pace.total.value)
page.lead(*overview.lead())

months = (by_period, ever.ask("completions", by=overview.period), None, ever.ask("expended", by="month"))
# the last 12 months, which are not the reader's period
trends = (None,) * len(months) if overview.has_period else months
headline_row(
    [
        worded(each.words, each.answer, trend=trend)
        for each, trend in zip(overview_figures(overview), trends, strict=True)
    ],
    name="headlines",
)
if overview.has_period:
    has_no_comparison = overview.comparison is None and overview.period == "quarter"
    page.note(news.below(page.as_of), CHOOSE_CLOSED if has_no_comparison else "")
page.note(overview.since_previous())

with page.side_by_side():
    if explain(by_period):
        show(
            year_over_year(by_period, last_day),
            title=news.chart_title(by_period, who=page.who),
            words="",
            name="year-over-year",
            how=by_period,
            period=news.years_drawn(last_day),
        )
    if has_values(overview.rates):
        region_strip(
            page, overview.rates, title=f"Enrolled{chosen(overview.rates.scope)} per 10,000 residents, by region"
        )

page.end_first_screen()
page.ask_ahead(questions_of(ever, cross_initiative.MEASURES, **cross_initiative.EVERYONE))
sentences = narrative.quotes(headline_data(page, overview))
if sentences:
    page.section("Ready-to-use sentences", "Each sentence names its date and every filter it follows.")
    quotes(sentences)

page.section("How enrollment has grown")
trend_initiative = initiative if has_target else page.scope.initiative
grown = since_first(ever.ask("residents_new", by=overview.period, initiative=trend_initiative))
trend_name = trend_initiative or "all initiatives"
if explain(grown):
    show(
        line_chart(
            {trend_name: grown},
            cumulative=True,
            target=narrative.schedule(page.listing("targets"), initiative=initiative, as_of=page.as_of)
            if has_target
            else (),
            target_name="Target schedule",
        ),
        title=narrative.trend_title(pace, grown, who=page.who),
        words=narrative.trend_words(grown, who=page.who),
        name="enrollment-trend",
        how=grown,
    )
if text := narrative.projection(pace):
    page.note(text)

page.section("Across the initiatives", cross_initiative.words(page.scope))
anywhere, several = (
    ever.ask("residents_any", **cross_initiative.EVERYONE),
    ever.ask("residents_in_several", **cross_initiative.EVERYONE),
)
added = cross_initiative.also(
    ever.ask("learners", **cross_initiative.EVERYONE), ever.ask("positions", **cross_initiative.EMPLOYERS)
)
page.note(cross_initiative.across(anywhere, several), *added, is_content=True)
paths = ever.ask("residents_by_path", **cross_initiative.EVERYONE)
if paths.status == "ok" and len(paths.rows) > 1:
    show(
        bar_chart(paths),
        title=cross_initiative.paths_title(paths, several),
        words=cross_initiative.PATHS,
        name="paths",
        how=paths,
    )

page.end()
