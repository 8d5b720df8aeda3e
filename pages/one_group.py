"""One group: at which step it opens, what it is made of, which programs carry it, and how it changes over time."""

from components import explain, open_page, show, table
from components.charts.dot_plot import dot_plot
from components.charts.ladder import ladder
from components.charts.line_chart import line_chart
from components.text import prose
from components.text import verdicts as words
from components.text.narratives import answer_data, gap_adjusted, gap_programs, over_time
from components.text.narratives import gap as narrative
from components.text.scope_words import filters
from queries.calculators.gap_adjusted import AdjustedGapRow
from queries.calculators.gap_by_step import StepRow
from queries.calculators.gap_parts import GapPartRow
from queries.calculators.outcome_ratio import OutcomeRow

page = open_page("one_group", extras={"outcome": list(answer_data.OUTCOMES), "step": ["enrolled"]})
outcomes = page.ask("outcome_ratio", group=None)
default = narrative.default_choice(outcomes.rows_of(OutcomeRow), page.extras.get("outcome"))
group = page.scope.group or default.group
suggested = None if page.scope.group else default.outcome
chosen = page.choose("outcome", "Outcome", answer_data.OUTCOMES, default=suggested)
who = page.noun(group)
outcomes, parts, steps, adjusted = answer_data.judged(
    (
        outcomes,
        page.ask("gap_parts", outcome=chosen, group=group),
        page.ask("gap_by_step", group=group),
        page.ask("gap_adjusted", outcome=chosen, group=group),
    )
)
row = next((row for row in outcomes.rows_of(OutcomeRow) if row.group == group and row.part == chosen), None)
remaining = next((row for row in adjusted.rows_of(AdjustedGapRow) if row.group == group), None)
sentence = narrative.lead(row, parts, who=who, outcome=chosen) if explain(outcomes) else ""
adjusted_sentence = gap_adjusted.after_the_lead(remaining, row)
if page.extras.get("step") and group and steps.status == "ok":
    page.lead(narrative.enrolled_lead(steps, who), f"{sentence} {adjusted_sentence}".strip())
else:
    page.lead(sentence, adjusted_sentence)
if not page.scope.group and group:
    page.note(narrative.not_chosen(who, default), is_content=True)

if group:
    page.section("Where it opens", "The group’s rate at each step from application to job, and the rate of others.")
    if explain(steps):
        later_steps = [page.ask(rate, group=group) for rate in narrative.STEPS_NOT_KNOWN]
        step_rows = [step for step in steps.rows_of(StepRow) if step.part]
        show(
            ladder(
                step_rows,
                labels=narrative.LADDER_NAMES,
                group_name=page.choices.labels("group").get(group, group),
                sure=narrative.sure_steps(step_rows),
            ),
            title=narrative.step_title(steps, who),
            words="The share that passes each step. The first step compares the group’s share of applicants with its share of the population. "
            "Filled: unlikely to be chance, allowing for every comparison of rates on this page; the first step by its interval.",
            name="gap-by-step",
            how=steps,
        )
        table(
            narrative.step_table(step_rows),
            name="steps",
            title="Step by step",
            words=f"{narrative.STEP_WORDS} {narrative.steps_not_known(later_steps, who)}",
            units=narrative.UNITS,
            how=steps,
        )

    not_known = words.not_known_yet(page.ask(chosen, group=group), who)
    page.end_first_screen()
    page.section(
        "What the gap is made of",
        "Where the group enrolls, and its results in the same places. The parts add up to the gap, before rounding.",
    )
    if explain(parts) and not prose.has_values(parts):
        page.note(f"{narrative.parts_title(parts, who)}.", is_content=True)
    elif parts.rows:
        show(
            dot_plot(
                parts,
                reference=(0.0, "No difference"),
                labels=narrative.PART_NAMES,
                sort=False,
                sure=words.sure(parts.rows_of(GapPartRow)),
            ),
            title=narrative.parts_title(parts, who),
            words=f"{narrative.parts_words(parts)} {not_known}",
            name="gap-parts",
            how=parts,
            facts={"outcome": chosen},
        )
    page.section("The gap at an equal mix", gap_adjusted.section_words(adjusted, remaining))
    if explain(adjusted) and remaining is not None:
        show(
            dot_plot(
                gap_adjusted.dots(remaining),
                measure="gap_adjusted",
                reference=(0.0, "No difference"),
                labels=gap_adjusted.LABELS,
                sort=False,
                sure=gap_adjusted.sure(remaining, row),
            ),
            title=gap_adjusted.title(remaining, who, filters(adjusted)),
            words=f"Points, with 95% intervals. Filled: unlikely to be chance. {gap_adjusted.ASSUMPTIONS} {not_known}",
            name="gap-adjusted",
            how=adjusted,
            facts={"outcome": chosen},
            rows=gap_adjusted.table(remaining),
            units=gap_adjusted.UNITS,
        )

    page.section("The gap by program and region")
    cells = page.ask("gap_cells", outcome=chosen, group=group)
    if explain(cells) and row is not None and row.numerator is not None and row.denominator is not None:
        largest = gap_programs.carrying(cells, gap=(gap := row.numerator - row.denominator))
        if (is_clear := row.verdict in words.CLEAR) and largest:
            table(
                gap_programs.cells_table(largest),
                name="gap-cells",
                title=gap_programs.cells_title(largest, cells, gap=gap, who=who),
                words=f"{gap_programs.CELL_WORDS} {words.PICKED} {not_known}",
                units=narrative.UNITS,
                how=cells,
                facts={"outcome": chosen},
            )
        else:
            page.note(gap_programs.NO_PROGRAM[is_clear], is_content=True)

    page.link_to("gap_plan", f"Set a goal for {who}", page_values={"what": narrative.PLANNED.get(chosen)}, group=group)

    page.section("Over time", "Quarter by quarter, and whether a change is more than random variation.")
    label = page.choices.labels("group").get(group, group)
    for measure, part in (("participation_over_time", None), ("outcome_over_time", chosen)):
        if explain(answer := page.ask(measure, outcome=part, group=group)):
            quarters, name = over_time.rows_of(answer, group, part), f"{label}{filters(answer)}"
            title = f"{answer_data.OUTCOMES.get(part or '', 'Share of residents')}. {over_time.title(quarters, name)}"
            if not (lines := over_time.lines(quarters, label)):
                page.note(f"{title}.", is_content=True)
                continue
            show(
                line_chart(lines, measure=measure, target=over_time.steps(quarters), steps=True),
                title=title,
                words=over_time.words(quarters, name),
                name=measure,
                how=answer,
                facts={"outcome": part},
            )
page.end()
