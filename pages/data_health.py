"""Data health: the delivery on screen, what was read, accepted and set aside and why, and what it does not say."""

from components import explain, open_page, refused_report, table
from components.file_facts import UNFILTERED
from components.text.format import day
from components.text.narratives import data_health as story

page = open_page("data_health", filters=("initiative", "region", "sector", "as_of"))
checked = page.listing("check_tables")
unfiltered = {**UNFILTERED, "as_of": page.delivery.delivered_on}  # what was read of a delivery, all of it
page.lead(story.lead(page.delivery, checked))

refused = page.refusal()
if refused:
    refused_report.draw(refused, page.delivery.delivered_on)

page.section("What was read", "Rows read = accepted + quarantined + exact duplicates, table by table.")
table(story.checked_table(checked), name="checked", units=story.UNITS, facts=unfiltered)
missing = story.missing_tables(checked)
if missing:
    page.note(f"Not supplied by this delivery: {missing}.")

page.section(
    "Why rows were set aside",
    "A row that breaks two rules counts under both. The rows themselves, whole, are with the delivery.",
)
reasons = page.listing("check_reasons")
if reasons:
    table(story.reasons_table(reasons), name="reasons", units=story.UNITS, facts=unfiltered)
else:
    page.note("No row was set aside.")
notices = page.listing("check_notices")
if notices:
    table(story.notices_table(notices), name="notices", title="What else was noticed", facts=unfiltered)

page.section("What changed since the delivery before")
previous = story.previous(page)
if previous is None:
    page.note("No delivery like it was published before it, so there is nothing to compare with.")
else:
    table(
        story.restated(page, previous),
        name="restated",
        words="The same measures on the same day, as the delivery before told it and as this one tells it: what differs was restated.",
        units=story.UNITS,
    )

page.section(
    "How much is not disclosed", "Residents enrolled who did not answer. They are in no group and outside no group."
)
answered = page.ask("participation_share", by="group")
if explain(answered):
    table(story.disclosure_table(answered, dict(page.choices.groups)), name="disclosure", units=story.UNITS)

page.section("How much is not known")
table(story.unknowns_table(page.listing("unknowns"), page.listing("supplied")), name="unknowns", units=story.UNITS)
columns = story.missing_columns(page.listing("supplied"), checked)
if columns:
    page.note(f"Not supplied by this delivery: {columns}.")

page.section("Deliveries published")
table(story.deliveries_table(page.history(), page.delivery.id), name="deliveries", facts=unfiltered)
page.note(f"On screen: {page.delivery.id}, delivered {day(page.delivery.delivered_on)}.")
page.end()
