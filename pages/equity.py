"""Equity: which group, where, is it real, and how many residents would close the gap?"""

from components import charts, explain, open_page, show, table
from components.stories import equity as story
from queries import measure

OUTCOMES = {
    "completion_rate": "Completion",
    "credential_rate": "Credential",
    "placement_rate": "Placement",
    "employment_rate_q2": "Employed after two quarters",
}
page = open_page("equity", extras={"outcome": list(OUTCOMES)})
labels = dict(page.choices.groups)
everyone = {"group": None}

shares = page.ask("participation_share", **everyone)
ratios, gaps = page.ask("representation_ratio", **everyone), page.ask("gap_residents", **everyone)
outcomes = page.ask("outcome_ratio", **everyone)
completion = [row for row in outcomes.rows if row.part == "completion_rate"]
page.lead(story.lead(ratios=ratios, gaps=gaps, completion=completion, labels=labels))

page.section(
    "Who takes part", "A group’s share of residents who answered the question, against its share of the population."
)
if explain(shares):
    if story.comparable(ratios):
        show(
            charts.dots(ratios, reference=(1.0, "Parity"), screen=(0.8, "Cut-off"), labels=labels),
            title=story.participation_title(ratios, labels),
            words="Representation ratio by group with its 95% interval: 1.00 is parity with the benchmark population. "
            "Groups without a comparable benchmark show why.",
            name="representation",
            how=ratios,
        )
    table(
        story.participation_table(shares, ratios, gaps, labels),
        name="participation",
        title="Group by group",
        words="The range beside each share is what it could be if everyone who did not disclose were out of, or in, the group.",
        units=story.UNITS,
        how=shares,
    )

page.section(
    "How they fare", "A group’s rate over the rate of residents known not to be in it. A screen, not a finding."
)
if explain(outcomes):
    chosen = page.choose("outcome", "Outcome", OUTCOMES)
    rows = [row for row in outcomes.rows if row.part == chosen]
    if explain(page.ask(chosen, **everyone)):
        show(
            charts.dots(
                rows,
                measure="outcome_ratio",
                reference=(1.0, "Others’ rate"),
                screen=(0.8, "Four-fifths"),
                labels=labels,
            ),
            title=story.outcome_title(rows, labels, OUTCOMES[chosen]),
            words=f"{measure(chosen).label}: the group’s rate divided by that of residents known not to be in it, with 95% intervals. "
            "An interval that crosses 1.00 may be chance.",
            name="outcome-ratio",
            how=outcomes,
        )
        table(
            story.outcome_table(rows, labels),
            name="outcomes",
            title=f"{OUTCOMES[chosen]}, group by group",
            units=story.UNITS,
            how=outcomes,
        )

page.section("Where the gap opens")
group = page.scope.group or story.widest(completion)
if group is None:
    page.note("Choose a group in the filters to follow it from application to job.")
else:
    label = labels.get(group, group)
    steps = page.ask("gap_by_step", group=group)
    if explain(steps):
        step_rows = [row for row in steps.rows if row.part]
        show(
            charts.dots(
                step_rows, measure="gap_by_step", reference=(1.0, "Others’ rate"), labels=story.STEP_NAMES, sort=False
            ),
            title=story.step_title(step_rows, label),
            words=f"At each step, the rate at which {label} pass it divided by that of others, with 95% intervals. "
            "The first compares their share of applicants with the population.",
            name="gap-by-step",
            how=steps,
        )
    parts = page.ask("gap_decomposition", group=group)
    if explain(parts):
        page.section("Who is where, or how they fare there?")
        for row in parts.rows:
            page.note(story.decomposed(row, label))
        by_sector = page.ask("gap_decomposition", by="sector", group=group)
        if explain(by_sector):
            table(
                story.parts_table(by_sector),
                name="gap-by-sector",
                title="What each sector adds to the completion gap",
                words="The rows add up to the whole gap exactly. Negative means the group completes less often.",
                units=story.UNITS,
                how=by_sector,
            )
page.note("Not disclosed is never counted as no. Outcomes not known yet are left out of their rates.")
