"""Record of use: who signed in, opened what, downloaded, published or was denied what, and when?"""

from datetime import UTC, datetime

from components import open_page, table
from components.text.narratives import usage as story

page = open_page("usage", filters=())
events = page.audit_events()
about = {"as_of": datetime.now(UTC).date(), "delivery": None, "synthetic_data": None}  # it rests on no delivery
page.lead(story.lead(events))

if events:
    page.section("Day by day", "Days are counted in universal time. An account is counted once a day.")
    table(story.by_day(events), name="use-by-day", title=story.by_day_title(events), facts=about)

    store = story.store_by_day(events)
    if store:
        table(store, name="store-by-day", title="What was done to the store", facts=about)

    page.section(
        "The last events", "Newest first. The only personal datum is the account; no filters are written down."
    )
    table(story.last_table(events), name="last-events", title="What happened last", facts=about)

    denied = story.denied(events)
    if denied:
        page.section("Denied", "Somebody asked for what is not part of their view. An old link is the usual reason.")
        table(denied, name="denied", title="Who asked for what", facts=about)
page.note(story.WHERE)
page.end()
