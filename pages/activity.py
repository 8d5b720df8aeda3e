"""Activity: who signed in, opened, downloaded, published or was denied what, and when?"""

from datetime import UTC, datetime

from components import open_page, table
from components.text.narratives import usage as story

page = open_page("activity")
events = page.audit_events()
about = {"as_of": datetime.now(UTC).date(), "delivery": None, "synthetic_data": None}  # no delivery is behind it
page.lead(story.lead(events))

if events:
    page.section("Day by day", "Days are in Coordinated Universal Time (UTC). An account is counted once a day.")
    table(story.by_day(events), name="use-by-day", title=story.by_day_title(events), facts=about)

    for kinds, name, title in (
        (story.OF_DELIVERIES, "deliveries-by-day", "Deliveries"),
        (story.OF_THE_STORE, "store-by-day", "The published data and notes"),
    ):
        rows = story.done_by_day(events, kinds)
        if rows:
            table(rows, name=name, title=title, facts=about)

    page.section(
        "Latest events",
        "Newest first. The only personal information is the account; filters are not recorded.",
    )
    table(story.last_table(events), name="last-events", title="Latest events", facts=about)

    denied = story.denied_table(events)
    if denied:
        page.section("Denied", "Requests for something outside the reader’s view. The usual reason is an old link.")
        table(denied, name="denied", title="Denied requests", facts=about)
page.note(story.WHERE)
page.end()
