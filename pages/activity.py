"""Activity: who signed in, opened, downloaded, published or was denied what, and when?"""

from datetime import UTC, datetime

from components import audit_view, open_page, table
from components.text.narratives import activity
from data.audit_log import MOST_READ

page = open_page("activity", extras={"events": list(activity.KINDS)})
days = audit_view.days(page.scope.viewer)
about = {"as_of": datetime.now(UTC).date(), "delivery": None, "synthetic_data": None}  # no delivery is behind it
page.lead(activity.lead(days))

if days:
    page.section("Day by day", activity.DAYS)
    table(activity.by_day(days), name="use-by-day", title=activity.by_day_title(days), facts=about)
    page.note(activity.unusual(days))

    for kinds, name, title in (
        (activity.OF_DELIVERIES, "deliveries-by-day", "Deliveries"),
        (activity.OF_THE_STORE, "store-by-day", "The published data and notes"),
    ):
        rows = activity.done_by_day(days, kinds)
        if rows:
            table(rows, name=name, title=title, facts=about)

    page.section("Latest events")
    chosen = page.choose("events", "Events", activity.KINDS)
    events = audit_view.events(page.scope.viewer, activity.kinds_of(chosen))
    if events:
        title = "Latest events" if chosen == "all" else f"Latest events: {activity.KINDS[chosen].lower()}"
        words = activity.latest_words(events, MOST_READ)
        name = "last-events" if chosen == "all" else f"last-events-{chosen}"
        table(activity.event_table(events), name=name, title=title, words=words, facts=about)
    else:
        page.note(activity.NOBODY)

    denied = activity.denied_table(events) if chosen == "all" else []
    if denied:
        page.section("Denied", activity.DENIED)
        table(denied, name="denied", title="Denied requests", facts=about)
page.note(activity.WHERE)
page.end()
