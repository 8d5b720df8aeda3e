"""Whether the store can be read just now; where it cannot, what to tell readers, analysts and load balancers."""

from __future__ import annotations

from dataclasses import dataclass

from components import cached_queries, html_view
from data.store import StoreDamagedError
from queries.database import DeliveryUnreadable, OtherFormat


@dataclass(frozen=True)
class StoreFault:
    """Why no numbers can be shown.

    title, text: for every reader, without paths or commands. command: what an analyst runs to mend it. summary: the fault in half
    a sentence. incident: the number under which the log has the details.
    """

    title: str
    text: str
    command: str
    summary: str
    incident: str

    @property
    def paragraphs(self) -> tuple[str, str]:
        """What a reader is told under the title."""
        step = "This page recovers by itself once the analyst has mended it; nothing needs to be done here."
        return f"{self.text} Incident {self.incident} in the log says more.", step


_LIST = (
    "The store’s list cannot be read",
    "The list that says which delivery to show is missing or damaged, so no numbers can be shown.",
    "python -m data repair",
    "the store’s list cannot be read",
)
_DELIVERY = (
    "The numbers cannot be read just now",
    "The published delivery did not open.",
    "python -m data publish DELIVERY",
    "the published delivery does not open",
)
_FORMAT = (
    "The numbers have to be published again",
    "The delivery was published by another version of the dashboard, so this version cannot show it.",
    "python -m data publish DELIVERY",
    "the published delivery is of another version and has to be published again",
)
_last: tuple[str, str] = ("", "")  # the fault logged last, and its incident number


def fault_of(error: BaseException) -> StoreFault:
    """What to tell about an error of the store. The log gets its details once, however often the same fault is met."""
    global _last
    if isinstance(error, OtherFormat):
        words = _FORMAT
    elif isinstance(error, StoreDamagedError) and not isinstance(error, DeliveryUnreadable):
        words = _LIST
    else:
        words = _DELIVERY
    details = f"{type(error).__name__}: {error}"
    if _last[0] != details:
        _last = details, cached_queries.incident("the store cannot be read", error)
    html_view.disable_cache()  # next time all may be well
    return StoreFault(*words, incident=_last[1])


def current_fault(delivery_id: str | None = None) -> StoreFault | None:
    """Why a page could not show its numbers now, or None. delivery_id: the delivery its address names; an unknown one gives way to
    the one on screen, as on the page itself."""
    global _last
    try:
        published = cached_queries.current()
        shown = delivery_id if delivery_id and delivery_id in cached_queries.history() else published
        if shown is not None:
            cached_queries.choices(shown)
    except Exception as error:
        return fault_of(error)
    _last = ("", "")
    return None
