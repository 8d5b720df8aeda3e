"""Definitions: every measure in plain words, the benchmarks and the targets, with their sources."""

from components import open_page, table
from components.text import verdicts
from components.text.narratives import definitions as narrative
from queries import measures

page = open_page("definitions", extras={"measure": list(measures()), "first": list(narrative.PARTS)})
page.lead(narrative.lead(list(measures().values())))
labels = page.choices.labels("group")

if chosen := page.extras.get("measure"):
    page.section(measures()[chosen].label)
    table(narrative.glossary_table([measures()[chosen]]), name="definition")


def show_measures() -> None:
    """Show the measures, one table a family."""
    for family, entries in narrative.by_family(measures().values()).items():
        page.section(family)
        table(narrative.glossary_table(entries), name=f"definitions-{family.lower()}")


def show_benchmarks() -> None:
    """Show the benchmarks."""
    page.section(
        narrative.PARTS["benchmarks"], "The population each group is compared with. A ratio depends on its benchmark."
    )
    table(narrative.benchmark_table(page.listing("benchmarks"), labels), name="benchmarks", units=narrative.UNITS)


def show_targets() -> None:
    """Show the targets as they were set."""
    page.section(narrative.PARTS["targets"])
    table(narrative.target_table(page.listing("targets"), labels), name="targets", units=narrative.UNITS)


def show_reading() -> None:
    """Say how to read the numbers, and what chance means."""
    page.section(narrative.PARTS["reading"])
    page.note(*narrative.READING, is_content=True)
    page.section("What chance means", verdicts.WHAT_CHANCE_MEANS)


def show_charts() -> None:
    """Say how to use the charts."""
    page.section(narrative.PARTS["charts"])
    page.note(*narrative.PICKING, is_content=True)


def show_accessibility() -> None:
    """Say what the dashboard does for accessibility, and what is not known."""
    page.section(narrative.PARTS["accessibility"])
    page.note(*narrative.ACCESSIBILITY, is_content=True)


first = page.choose("first", "Show first", narrative.PARTS)
PARTS = {
    "measures": show_measures,
    "benchmarks": show_benchmarks,
    "targets": show_targets,
    "reading": show_reading,
    "charts": show_charts,
    "accessibility": show_accessibility,
}
for part in sorted(PARTS, key=lambda part: part != first):
    PARTS[part]()
page.end()
