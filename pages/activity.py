"""Activity: who signed in, opened, downloaded, published or was denied what, and when?"""

from datetime import UTC, datetime

from components import audit_view, open_page, table
from components.text.narratives import usage as story
from data.audit_log import MOST_READ

page = open_page("activity", extras={"events": list(story.KINDS)})
days = audit_view.days(page.scope.viewer)
about = {"as_of": datetime.now(UTC).date(), "delivery": None, "synthetic_data": None}  # no delivery is behind it
page.lead(story.lead(days))

if days:
    page.section("Day by day", story.DAYS)
    table(story.by_day(days), name="use-by-day", title=story.by_day_title(days), facts=about)
    page.note(story.unusual(days))

    for kinds, name, title in (
        (story.OF_DELIVERIES, "deliveries-by-day", "Deliveries"),
        (story.OF_THE_STORE, "store-by-day", "The published data and notes"),
    ):
        rows = story.done_by_day(days, kinds)
        if rows:
            table(rows, name=name, title=title, facts=about)

    page.section("Latest events")
    chosen = page.choose("events", "Events", story.KINDS)
    events = audit_view.events(page.scope.viewer, story.kinds_of(chosen))
    if events:
        title = "Latest events" if chosen == "all" else f"Latest events: {story.KINDS[chosen].lower()}"
        words = story.latest_words(events, MOST_READ)
        name = "last-events" if chosen == "all" else f"last-events-{chosen}"
        table(story.event_table(events), name=name, title=title, words=words, facts=about)
    else:
        page.note(story.NOBODY)

    denied = story.denied_table(events) if chosen == "all" else []
    if denied:
        page.section("Denied", story.DENIED)
        table(denied, name="denied", title="Denied requests", facts=about)
page.note(story.WHERE)
page.end()
