"""Overview: is enrollment growing, are we on schedule, is the money spent in time, and what can be said at the podium on Friday?"""

from components import explain, figure, headline_row, open_page, quotes, show
from components.charts.bars import bar_chart
from components.charts.line_chart import line_chart
from components.charts.year_over_year import year_over_year
from components.compared_answers import compared, news_period, within
from components.periods import in_words
from components.region_strip import region_strip
from components.release_limits import comparable_measure, finest_period
from components.text.format import known, people
from components.text.narratives import cross_initiative, news
from components.text.narratives import headlines as story
from components.text.scope_words import chosen
from queries import Question

page = open_page("overview")
initiative = page.main_initiative
unit = finest_period(page.scope)
period = news_period(page)
ever, lately = within(page, since=None, until=None), within(page, since=period.since, until=period.until)
when = in_words(period.since, period.until, page.as_of)

for part, questions in ((ever, story.TOTALS), (lately, story.RECENT)):
    part.ask_all({f"{measure} {by}": Question(measure, by) for measure, by in questions})
enrolled = ever.ask("residents_enrolled")
recent, recent_before = lately.ask("residents_new"), compared(lately, "residents_new")
by_region = ever.ask("residents_enrolled", by="region")
completions, completion = ever.ask("completions"), ever.ask("completion_rate")
with_job = ever.ask("finishers_with_job")
allocated, expended = ever.ask("allocated"), ever.ask("expended")
pace = ever.ask("pace", initiative=initiative)
burn = ever.ask("burn", initiative=initiative)
has_target = bool(pace.total.value)

total = story.lead(enrolled=enrolled, pace=pace, who=page.who)
page.lead(*news.lead(recent, recent_before, total=total, money=news.must_be_spent(burn), who=page.who))

by_period = ever.ask("residents_new", by=unit)
headline_row(
    [
        figure(enrolled, flow=recent, flow_words=f"new {when}", compared=recent_before, trend=by_period),
        figure(
            completions,
            flow=lately.ask("completions"),
            flow_words=when,
            compared=compared(lately, "completions"),
            trend=ever.ask("completions", by=unit),
        ),
        figure(
            with_job,
            value=people(with_job.total.numerator) if known(with_job.total.value) else None,
            context=news.job_context(with_job),
        ),
        figure(
            expended,
            label="Dollars spent",
            flow=lately.ask("expended"),
            flow_words=when,
            compared=compared(lately, "expended"),
            trend=ever.ask("expended", by="month"),
            context=news.spent_context(expended, allocated),
        ),
    ],
    name="headlines",
)
# comparing two deliveries takes long: only for the state, as of the delivery
change = None if page.scope.filters or page.scope.as_of else ever.changed(comparable_measure(page.scope))
page.note(news.since_previous(change, ever.ask("in_training_overdue"), who=page.who))

with page.side_by_side():
    if explain(by_period):
        show(
            year_over_year(by_period),
            title=news.chart_title(by_period, who=page.who),
            words="",
            name="year-over-year",
            how=by_period,
        )
    rates = ever.ask("enrolled_per_10000", by="region", region=None)
    if any(known(row.value) for row in rates.rows):
        region_strip(page, rates, title=f"Enrolled per 10,000 residents{chosen(rates.scope)}, by region")

page.section("Ready-to-use sentences", "Each sentence names its date and every filter it follows.")
quotes(
    story.quotes(
        story.HeadlineData(
            who=page.who,
            enrolled=enrolled,
            recent=page.ask("residents_new", since=page.days_ago(89), until=page.as_of),
            completion=completion,
            cohort=ever.ask("cohort_completion_rate"),
            completions=completions,
            credentials=ever.ask("credentials"),
            placements=ever.ask("placements"),
            expended=expended,
            allocated=allocated,
            pace=pace,
            regions=by_region,
        )
    )
)
if text := story.projection(pace):
    page.note(text)

page.section("How enrollment has grown")
trend_initiative = initiative if has_target else page.scope.initiative
grown = ever.ask("residents_new", by=unit, initiative=trend_initiative)
trend_name = trend_initiative or "all initiatives"
if explain(grown):
    show(
        line_chart(
            {trend_name: grown},
            cumulative=True,
            target=story.schedule(page.listing("targets"), initiative=initiative, as_of=page.as_of)
            if has_target
            else (),
            target_name="Target schedule",
        ),
        title=story.trend_title(pace, grown, who=page.who),
        words=story.trend_words(grown, who=page.who),
        name="enrollment-trend",
        how=grown,
    )

page.section("Across the initiatives", cross_initiative.words(page.scope))
anywhere, several = (
    ever.ask("residents_any", **cross_initiative.EVERYONE),
    ever.ask("residents_in_several", **cross_initiative.EVERYONE),
)
added = cross_initiative.also(
    ever.ask("learners", **cross_initiative.EVERYONE), ever.ask("positions", **cross_initiative.EMPLOYERS)
)
page.note(cross_initiative.across(anywhere, several), *added)
paths = ever.ask("residents_by_path", **cross_initiative.EVERYONE)
if paths.status == "ok" and len(paths.rows) > 1:
    show(
        bar_chart(paths),
        title=cross_initiative.paths_title(paths),
        words="Residents who took part in more than one initiative, by the order in which they first took part. "
        "Paths of fewer than ten residents are added up as “Other paths”.",
        name="ways",
        how=paths,
    )

page.end()
