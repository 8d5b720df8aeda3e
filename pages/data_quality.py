"""Data quality: what was read of the delivery on screen, what was excluded and why, and what it does not say."""

from components import excluded_rows, explain, inbox_view, note_form, open_page, refused_report, table
from components.cached_queries import withdrawn
from components.file_facts import UNFILTERED
from components.navigation import jump
from components.text import changed
from components.text.narratives import data_health as narrative

page = open_page("data_quality")
checked = page.listing("check_tables")
unfiltered = {**UNFILTERED, "as_of": page.delivery.delivered_on}  # what was read of a delivery has no filter
_, before = page.other_deliveries()
page.lead(
    narrative.lead(page.delivery, checked),
    narrative.compared(checked, before, page.listing_of(before, "check_tables")) if before else "",
)

reasons = page.listing("check_reasons")
if reasons:
    page.note(jump("table-reasons", excluded_rows.link_label()))
inbox_view.draw(page.delivery.layout)

refused = page.refusal()
if refused:
    refused_report.draw(refused, page.delivery.delivered_on)

page.section("What was read", "For each table: rows read = accepted + excluded + exact duplicates.")
table(narrative.checked_table(checked), name="checked", units=narrative.UNITS, facts=unfiltered)
page.note(narrative.whatever_the_filters(page.scope))
missing = narrative.missing_tables(checked)
if missing:
    page.note(f"Not supplied by this delivery: {missing}.")

page.section("What changed since the previous delivery")
counts, dollars = (
    [change for name in names if (change := page.changed(name))] for names in (changed.COUNTS, changed.DOLLARS)
)
if not (counts or dollars):
    page.note(
        "No earlier delivery of the same kind has been published, so there is nothing to compare with.",
        is_content=True,
    )
if counts:
    table(changed.table(counts), name="changed", words=changed.words(counts))
    page.note(*changed.notes(counts))
whys = changed.why_table([change for change in (*counts, *dollars) if change.causes])
if whys:
    table(whys, name="changed-why", title="Why each part changed", words=changed.WHY)

if dollars:
    page.section("Dollars since the previous delivery", changed.words(dollars))
    table(changed.table(dollars), name="changed-dollars")
    page.note(*changed.notes(dollars))

page.section(
    "Why rows were excluded",
    "A row that breaks two rules counts under both. The excluded rows are stored with the delivery.",
)
if reasons:
    excluded_rows.draw(page.delivery.id, unfiltered)
    table(narrative.reasons_table(reasons), name="reasons", units=narrative.UNITS, facts=unfiltered)
else:
    page.note("No row was excluded.", is_content=True)
notices = page.listing("check_notices")
if notices:
    table(narrative.notices_table(notices), name="notices", title="Other notices", facts=unfiltered)

page.end_first_screen()
page.section(
    "How much is not disclosed",
    "Residents enrolled who did not answer. They are counted neither in the group nor outside it.",
)
answered = page.ask("participation_share", by="group")
if explain(answered):
    table(narrative.disclosure_table(answered, page.choices.labels("group")), name="disclosure", units=narrative.UNITS)

page.section("How much is not known")
unknowns = page.listing("unknowns")
if unknowns:
    table(narrative.unknowns_table(unknowns, page.listing("supplied")), name="unknowns", units=narrative.UNITS)
else:
    page.note(narrative.no_unknowns(page.scope.viewer))
unsaid = [row["group_id"] for row in page.listing("groups") if not row["is_supplied"]]
columns = narrative.missing_columns(page.listing("supplied"), checked, unsaid)
if columns:
    page.note(f"Not supplied by this delivery: {columns}")

page.section("Deliveries published")
table(narrative.deliveries_table(page.history(), page.delivery.id, withdrawn()), name="deliveries", facts=unfiltered)
note_form.draw(page)
page.end()
