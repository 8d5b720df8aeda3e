"""Support services: who gets child care, transportation or technology help, and completion compared with similar residents."""

from dataclasses import replace

from components import explain, figure, headline_row, open_page, show, table
from components.charts.bars import bar_chart
from components.charts.dot_plot import dot_plot
from components.data_table import Table
from components.text import prose, verdicts
from components.text.narratives import supports as narrative
from queries.calculators.supports_association import SupportRow

page = open_page("support_services")
reach, association = page.ask("supports_reach"), page.ask("supports_association")
page.lead(narrative.lead(reach=reach, association=association, who=page.who))

if explain(reach):
    headline_row(
        [
            figure(reach, label=label, row=reach.row(part))
            for part, label in {"any": "Any support", **narrative.SUPPORTS}.items()
            if reach.row(part)
        ],
        name="supports",
    )

    page.section("Who receives support services")
    labels = page.choices.labels("group")
    nouns = {row["group_id"]: row["member_noun"] for row in page.listing("groups")}
    by_group = page.ask("supports_reach", by="group", group=None)
    by_region = page.ask("supports_reach", by="region", region=None)
    everyone = page.ask("supports_reach", group=None).row("any")
    state = page.ask("supports_reach", region=None).row("any")
    # the breakdown by group is about all residents, the one by region about the whole state
    for answer, name, names, who, chosen, reference in (
        (by_group, "group", labels, "residents", page.scope.group, (everyone, "All residents")),
        (by_region, "region", {}, page.who, page.scope.region, (state, "The state")),
    ):
        if not explain(answer):
            continue
        row, reference_name = reference
        show(
            bar_chart(
                narrative.any_support(answer),
                measure="supports_reach",
                labels=names,
                highlight=chosen,
                reference=(row.value, reference_name) if row else None,
            ),
            title=narrative.reach_title(answer, nouns, who=who),
            words=f"Share of {who} enrolled who received any support, by {name}, with 95% intervals.",
            name=f"reach-by-{name}",
            how=answer,
        )
        if name == "group":
            table(
                narrative.reach_table(answer, labels),
                name="reach",
                title="By support and group",
                units=narrative.UNITS,
                how=answer,
            )

page.end_first_screen()
page.section(
    "Completion with a support, compared with similar residents", narrative.NOT_AN_EFFECT if association.rows else ""
)
if explain(association) and prose.has_values(association):
    show(
        replace(
            dot_plot(
                association,
                labels=narrative.SUPPORTS,
                reference=(0.0, "No difference"),
                sort=False,
                sure=narrative.sure(association),
                key_name="Support",
            ),
            table=Table.from_rows(narrative.association_table(association), narrative.ASSOCIATION_UNITS),
            remark=verdicts.family(association.rows_of(SupportRow)),
        ),
        title=narrative.association_title(association, who=page.who),
        words=narrative.association_words(association, who=page.who),
        name="supports-association",
        how=association,
    )
elif association.rows:
    table(
        narrative.association_table(association),
        units=narrative.ASSOCIATION_UNITS,
        name="supports-association",
        title=narrative.association_title(association, who=page.who),
        words=narrative.association_words(association, who=page.who),
        how=association,
    )
page.end()
