"""Overview: how many residents are enrolled, are we on schedule, and what can be said at the podium on Friday?"""

from components import explain, figure, headline_row, open_page, quotes, show
from components.charts.bars import bar_chart
from components.charts.line_chart import line_chart
from components.release_limits import finest_period
from components.text.format import day, dollars, share
from components.text.narratives import cross_initiative, enrollment_breakdown
from components.text.narratives import headlines as story
from components.text.prose import join
from queries import Answer
from queries.calculators.pace import PaceRow
from queries.privacy.family import is_limited

page = open_page("overview")
initiative = page.main_initiative
earlier = page.days_ago(90)
since = f"since {day(earlier)}"


def before(measure_id: str) -> Answer | None:
    """Answer a question as of the earlier day; viewers who can ask about the present only see no change since."""
    return None if is_limited(page.scope) else page.ask(measure_id, as_of=earlier)


enrolled = page.ask("residents_enrolled")
recent = page.ask("residents_new", since=page.days_ago(89), until=page.as_of)
by_sector = page.ask("residents_enrolled", by="sector")
by_region = page.ask("residents_enrolled", by="region")
completions, completion = page.ask("completions"), page.ask("completion_rate")
credentials, placements = page.ask("credentials"), page.ask("placements")
allocated, expended = page.ask("allocated"), page.ask("expended")
pace = page.ask("pace", initiative=initiative)
has_target = bool(pace.total.value)

sectors, regions = (list(page.choices.labels(name)) for name in ("sector", "region"))
page.lead(story.lead(enrolled=enrolled, pace=pace, by_sector=by_sector, sectors=sectors, who=page.who))

spent = expended.total.value
part = (
    f"{share(spent / allocated.total.value)} of {dollars(allocated.total.value)} allocated"
    if allocated.total.value and spent
    else ""
)
headline_row(
    [
        figure(enrolled, before=before("residents_enrolled"), since=since),
        *(
            [
                figure(
                    pace,
                    label=f"Pace of {initiative}",
                    value=story.pace_value(pace.total_of(PaceRow)),
                    context=story.pace_context(pace.total_of(PaceRow)),
                )
            ]
            if has_target
            else []
        ),
        figure(completions, before=before("completions"), since=since),
        figure(credentials, before=before("credentials"), since=since),
        figure(placements, before=before("placements"), since=since),
        figure(expended, label="Dollars spent", before=page.ask("expended", as_of=earlier), since=since, context=part),
    ],
    name="headlines",
)
if text := story.projection(pace):
    page.note(text)

page.section("How enrollment has grown")
trend_initiative = initiative if has_target else page.scope.initiative
by_period = page.ask("residents_new", by=finest_period(page.scope), initiative=trend_initiative)
trend_name = trend_initiative or "all initiatives"
if explain(by_period):
    show(
        line_chart(
            {trend_name: by_period},
            cumulative=True,
            target=story.schedule(page.listing("targets"), initiative=initiative, as_of=page.as_of)
            if has_target
            else (),
            target_name="Target schedule",
        ),
        title=story.trend_title(pace, by_period, who=page.who),
        words=story.trend_words(by_period, who=page.who),
        name="enrollment-trend",
        how=by_period,
    )

breakdowns = [(by_sector, "sector", sectors), (by_region, "region", regions)]
# a breakdown by what the filter has chosen has a single row
breakdowns = [part for part in breakdowns if not getattr(page.scope, part[1])]
if breakdowns:
    page.section(f"Enrollment by {join([what for _, what, _ in breakdowns])}")
    with page.side_by_side():
        for answer, what, categories in breakdowns:
            if explain(answer):
                show(
                    bar_chart(answer),
                    title=enrollment_breakdown.title(answer, what, categories, who=page.who),
                    words=enrollment_breakdown.words(answer, what, who=page.who),
                    name=f"enrolled-by-{what}",
                    how=answer,
                )

page.section("Across the initiatives", cross_initiative.words(page.scope))
anywhere, several = (
    page.ask("residents_any", **cross_initiative.EVERYONE),
    page.ask("residents_in_several", **cross_initiative.EVERYONE),
)
added = cross_initiative.also(
    page.ask("learners", **cross_initiative.EVERYONE), page.ask("positions", **cross_initiative.EMPLOYERS)
)
page.note(cross_initiative.across(anywhere, several), *added)
paths = page.ask("residents_by_path", **cross_initiative.EVERYONE)
if paths.status == "ok" and len(paths.rows) > 1:
    show(
        bar_chart(paths),
        title=cross_initiative.paths_title(paths),
        words="Residents who took part in more than one initiative, by the order in which they first took part. "
        "Paths of fewer than ten residents are added up as “Other paths”.",
        name="ways",
        how=paths,
    )

page.section("Ready-to-use sentences", "Each sentence names its date and every filter it follows.")
quotes(
    story.quotes(
        story.HeadlineData(
            who=page.who,
            enrolled=enrolled,
            recent=recent,
            completion=completion,
            cohort=page.ask("cohort_completion_rate"),
            completions=completions,
            credentials=credentials,
            placements=placements,
            expended=expended,
            allocated=allocated,
            pace=pace,
            regions=by_region,
        )
    )
)
page.end()
