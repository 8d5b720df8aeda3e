"""When a subscription is due: the occasion that its next message is for.

An occasion has a key, such as "2026-11-27" for a Friday or the id of a delivery. A subscription gets one message for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from briefs.mailing.ledger import History
from briefs.mailing.settings import WEEKDAYS, Subscription
from components.text.format import format_value, known
from queries.models import Answer
from queries.registry import measures


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What a message is for.

    Attributes:
        key: Its key, unique within the subscription.
        reason: Why the reader gets the message, in a sentence.
    """

    key: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a schedule looks at.

    Attributes:
        today: The day of the run.
        delivery: The delivery on screen.
        watched: The answer to the measure that the subscription watches, as its reader sees it; None without one.
    """

    today: date
    delivery: str
    watched: Answer | None = None

    @property
    def figure(self) -> float | None:
        """The watched number; None where there is none or it is hidden from the reader."""
        value = self.watched.total.value if self.watched else None
        return float(value) if value is not None and known(value) else None


def occasion(subscription: Subscription, history: History, now: Situation) -> Occasion | None:
    """Return the latest occasion of a subscription since its first run, sent or not; None where there was none.

    A run that comes late still sends the last occasion. Earlier ones that were missed are not made up for.
    """
    if subscription.when == "change":
        return _moved(subscription, history, now)
    if subscription.when == "delivery":
        if now.delivery == history.first_delivery:
            return None
        return Occasion(key=now.delivery, reason="You get this message with every new delivery.")
    if subscription.weekday is not None:
        due = now.today - timedelta(days=(now.today.weekday() - WEEKDAYS.index(subscription.weekday)) % 7)
        reason = f"You get this message every {subscription.weekday.capitalize()}."
    else:
        due = _monthly(subscription.day or 1, now.today)
        reason = f"You get this message every month, on day {due.day}."
    return Occasion(key=due.isoformat(), reason=reason) if due >= history.first_run else None


def _monthly(day: int, today: date) -> date:
    """Return the last such day of a month, up to today. day: at most 28."""
    month = today if today.day >= day else today.replace(day=1) - timedelta(days=1)
    return month.replace(day=day)


def _moved(subscription: Subscription, history: History, now: Situation) -> Occasion | None:
    before, figure, moves_by = history.figure, now.figure, subscription.moves_by
    if before is None or figure is None or moves_by is None or now.watched is None:
        return None
    if abs(figure - before) <= moves_by:
        return None
    entry = measures()[now.watched.measure.id]
    reason = (
        f"{entry.label} under these filters: {format_value(figure, entry.unit)}. "
        f"It was {format_value(before, entry.unit)} at the last message, or when you subscribed. "
        f"You get this message when it moves by more than {_amount(moves_by, entry.unit)}."
    )
    return Occasion(key=now.delivery, reason=reason)


def _amount(moves_by: float, unit: str) -> str:
    return f"{round(moves_by * 100, 2):g} percentage points" if unit == "share" else format_value(moves_by, unit)
