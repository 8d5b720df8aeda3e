"""Online courses: who takes the free courses, what they finish, and who goes on to a program."""

from components import card, explain, figure, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.column_chart import column_chart
from components.compared_answers import questions_of, with_compared
from components.text import ranking
from components.text.narratives import online as narrative
from components.text.scope_words import filters

page = open_page("online_courses")
page.ask_ahead(
    [
        *with_compared(page, narrative.CARDS),
        *(item for by in narrative.BREAKDOWNS for item in questions_of(page, narrative.COMPARED, by=by)),
        *questions_of(page, ("claimants_learning",), by="subject"),
        *questions_of(page, ("learners_going_on", "days_to_going_on")),
        *questions_of(page, ("learners_gone_on",), by="sector"),
    ]
)
learners, completed = page.ask("learners"), page.ask("courses_completed")
going_on = page.ask("learners_going_on")
page.lead(narrative.lead(learners=learners, completed=completed, going_on=going_on))

if explain(learners):
    days = page.ask("days_to_going_on")
    headline_row(
        [
            card(page, "learners"),
            card(page, "registrations"),
            card(page, "courses_completed"),
            card(page, "course_completion_rate"),
            card(page, "course_hours", label="Hours completed"),
            card(page, "course_credits", context=narrative.credit_context(completed)),
        ],
        name="online",
    )

    page.section("Subjects")
    by_subject = page.ask("learners", by="subject")
    show(
        bar_chart(by_subject),
        title=ranking.most(by_subject, "subject", of=f"learners{filters(by_subject)}"),
        words="Learners by subject, each counted once per subject.",
        name="by-subject",
        how=by_subject,
    )
    by_platform = narrative.by_platform_table(
        {by: [page.ask(measure_id, by=by) for measure_id in narrative.COMPARED] for by in narrative.BREAKDOWNS}
    )
    if by_platform:
        table(
            by_platform,
            name="platforms",
            title="By platform, subject and eligibility",
            units=narrative.UNITS,
            how=learners,
        )

    page.end_first_screen()
    page.section("Over time")
    by_quarter = page.ask("registrations", by="quarter")
    show(
        column_chart(by_quarter),
        title=ranking.busiest(by_quarter, "registration", "Registrations"),
        words="Registrations for online courses by quarter.",
        name="registrations-by-quarter",
        how=by_quarter,
    )

    page.section("From online course to program", narrative.WENT_ON)
    headline_row([figure(going_on), figure(days, label="Median days until enrollment")], name="going-on")
    by_sector = page.ask("learners_gone_on", by="sector")
    if explain(by_sector):
        show(
            bar_chart(by_sector),
            title=ranking.most(by_sector, "sector", of=f"learners who went on{filters(by_sector)}"),
            words="Learners who went on, by the sector they then enrolled in.",
            name="going-on-by-sector",
            how=by_sector,
        )

    page.section("Claimants’ courses compared with open positions", narrative.CROSSWALK)
    claimants = page.ask("claimants_learning", by="subject")
    hiring = page.ask("open_positions", by="sector", since=None, until=None)
    if explain(claimants):
        table(
            narrative.hiring_table(claimants, hiring),
            name="subjects-and-openings",
            units=narrative.UNITS,
            how=claimants,
        )

    page.section("By region")
    by_region = page.ask("learners", by="region", region=None)
    if explain(by_region):
        show(
            bar_chart(by_region, highlight=page.scope.region),
            title=ranking.most(by_region, "region", of=f"learners{filters(by_region)}"),
            words="Learners by the region of their town.",
            name="learners-by-region",
            how=by_region,
        )
page.end()
