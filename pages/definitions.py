"""Definitions: every measure in plain words, the benchmarks and the targets, with their sources."""

from components import open_page, table
from components.text import verdicts
from components.text.narratives import definitions as story
from queries import measures

page = open_page("definitions", extras={"measure": list(measures())})
page.lead(story.lead(list(measures().values())))

if chosen := page.extras.get("measure"):
    page.section(measures()[chosen].label)
    table(story.glossary_table([measures()[chosen]]), name="definition")

for family, entries in story.by_family(measures().values()).items():
    page.section(family)
    table(story.glossary_table(entries), name=f"definitions-{family.lower()}")

labels = page.choices.labels("group")
page.section("Benchmarks", "The population each group is compared with. A ratio depends on its benchmark.")
table(story.benchmark_table(page.listing("benchmarks"), labels), name="benchmarks", units=story.UNITS)

page.section("Targets and their history")
table(story.target_table(page.listing("targets"), labels), name="targets", units=story.UNITS)

page.section("What chance means", verdicts.WHAT_CHANCE_MEANS)

page.section("How to read the numbers")
page.note(*story.READING)

page.section("How to use the charts")
page.note(*story.PICKING)

page.section("Accessibility")
page.note(*story.ACCESSIBILITY)
page.end()
