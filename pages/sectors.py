"""Sectors compared: residents, completion, time to credential, wages and jobs, and the steps from application to job."""

from components import card, explain, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.step_bars import step_bars
from components.compared_answers import questions_of, with_compared
from components.text import first_time
from components.text.narratives import cross_initiative
from components.text.narratives import sectors as narrative

page = open_page("sectors")
sector = page.scope.sector
every = {"sector": None}
page.ask_ahead(
    [
        *with_compared(page, narrative.CARDS),
        *questions_of(page, ("residents_new",)),
        *questions_of(page, narrative.BY_SECTOR, by="sector", **every),
    ]
)
enrolled = page.ask("residents_enrolled")
by_sector = page.ask("residents_enrolled", by="sector", **every)
completion = page.ask("completion_rate")
completion_by_sector = page.ask("completion_rate", by="sector", **every)
credential_days = page.ask("days_to_credential")
page.lead(
    narrative.lead(
        sector=sector,
        enrolled=enrolled,
        by_sector=by_sector,
        completion_by_sector=completion_by_sector,
        sectors=list(page.choices.labels("sector")),
        who=page.who,
    )
)

headline_row(
    [
        card(page, "residents_enrolled", context=first_time.of_enrolled(enrolled, page.ask("residents_new"))),
        card(page, "completion_rate"),
        *(
            [card(page, "cohort_completion_rate")]
            if narrative.cohort_differs(completion, page.ask("cohort_completion_rate"))
            else []
        ),
        card(page, "credential_rate"),
        card(page, "days_to_credential", context=narrative.promise_context(credential_days)),
        card(page, "wage_gain"),
        card(page, "wage_after_exit"),
        card(page, "finishers_with_job"),
        card(page, "leavers_with_job"),
    ],
    name="sectors",
)

days_by_sector = page.ask("days_to_credential", by="sector", **every)
wages_by_sector = page.ask("wage_gain", by="sector", **every)
rates_by_sector = {
    "Completion rate": completion_by_sector,
    "Credential rate": page.ask("credential_rate", by="sector", **every),
    "Job rate": page.ask("placement_rate", by="sector", **every),
}
page.section("All sectors", narrative.bases(*rates_by_sector.values()) if by_sector.rows else "")
has_sectors = explain(by_sector)  # said once; the sections below would only repeat it
if has_sectors:
    table(
        narrative.compared_table(
            enrolled=by_sector,
            columns={
                "In training": page.ask("in_training", by="sector", **every),
                **rates_by_sector,
                "Median days to credential": days_by_sector,
                "Median wage gain": wages_by_sector,
            },
        ),
        name="sectors-compared",
        units=narrative.UNITS,
        how=by_sector,
    )

page.end_first_screen()
page.ask_ahead(questions_of(page, [*narrative.STEPS.values(), *narrative.LOSSES]))
page.section(
    "From application to job",
    "Each step counts what has happened by the date. Residents still in training have not finished or left yet.",
)
steps = [(step, page.ask(measure_id)) for step, measure_id in narrative.STEPS.items()]
rates = [page.ask(measure_id) for measure_id in narrative.LOSSES]
if explain(steps[0][1]):
    show(
        step_bars(
            steps, noun="applications", apart=narrative.APART, are_same_people=not narrative.has_period(page.scope)
        ),
        title=narrative.steps_title(rates, who=page.who),
        words=narrative.steps_words(page.scope),
        name="ladder",
        how=steps[1][1],
    )

if has_sectors:
    page.section("Completion by sector")
    if explain(completion_by_sector):
        show(
            bar_chart(
                completion_by_sector,
                highlight=sector,
                reference=(page.ask("completion_rate", **every).total.value, "All sectors"),
            ),
            title=narrative.completion_title(completion_by_sector, who=page.who),
            words="Completion rate by sector with 95% intervals: of exits that completed or withdrew, the share that completed.",
            name="completion-by-sector",
            how=completion_by_sector,
        )

    page.section("Time to credential and wages")
    if explain(days_by_sector):
        show(
            bar_chart(days_by_sector, highlight=sector),
            title=narrative.time_title(credential_days, who=page.who),
            words=narrative.time_words(days_by_sector),
            name="days-to-credential",
            how=days_by_sector,
        )
    if explain(wages_by_sector):
        show(
            bar_chart(wages_by_sector, highlight=sector),
            title=narrative.wage_title(wages_by_sector, who=page.who),
            words="Median hourly wage after training minus before, by sector, where both are known.",
            name="wage-gain",
            how=wages_by_sector,
        )

page.section("Jobs in these sectors")
page.note(
    cross_initiative.also(
        page.ask("learners", **cross_initiative.EVERYONE), page.ask("positions", **cross_initiative.EMPLOYERS)
    )[1],
    is_content=True,
)
page.link_to("job_openings", "Open positions compared with training, by sector")
page.end()
