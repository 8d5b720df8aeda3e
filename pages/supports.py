"""Supports: child care, transportation, technology. Who gets them, and completion with and without."""

from components import charts, explain, figure, headline_row, open_page, show, table
from components.stories import supports as story

page = open_page("supports")
reach, completion = page.ask("supports_reach"), page.ask("completion_with_support")
page.lead(story.lead(reach=reach, completion=completion))

if explain(reach):
    headline_row(
        [
            figure(reach, label=label, row=reach.row(part))
            for part, label in {"any": "Any support", **story.SUPPORTS}.items()
            if reach.row(part)
        ],
        name="supports",
    )

    page.section("Who gets them")
    labels = dict(page.choices.groups)
    nouns = {row["group_id"]: row["member_noun"] for row in page.listing("groups")}
    by_group = page.ask("supports_reach", by="group", group=None)
    by_region = page.ask("supports_reach", by="region")
    overall = page.ask("supports_reach", group=None).row("any")
    for answer, name, names in ((by_group, "group", labels), (by_region, "region", {})):
        if explain(answer):
            show(
                charts.bars(
                    story.any_support(answer),
                    measure="supports_reach",
                    labels=names,
                    reference=(overall.value, "All residents") if overall else None,
                ),
                title=story.reach_by(answer, nouns),
                words=f"Share of residents enrolled who received any support, by {name}, with 95% intervals.",
                name=f"reach-by-{name}",
                how=answer,
            )
    if explain(by_group):
        table(
            story.reach_table(by_group, labels),
            name="reach",
            title="By support and group",
            units=story.UNITS,
            how=by_group,
        )

page.section(
    "Completion with and without",
    "An association, not an effect: residents who are offered a support differ from those who are not in more than the support.",
)
if explain(completion):
    sides = story.sides(completion)
    show(
        charts.bars(story.pairs(sides), measure="completion_with_support", sort=False),
        title=story.completion_title(sides),
        words=story.completion_words(sides),
        name="completion-with-and-without",
        how=completion,
    )
