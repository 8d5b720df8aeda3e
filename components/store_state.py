"""Whether the store can be read now, and what readers, analysts and load balancers are shown if it cannot."""

from __future__ import annotations

from dataclasses import dataclass

from components import cached_queries, read_log
from data.store import StoreDamagedError
from queries.database import DeliveryUnreadable, OtherFormat


@dataclass(frozen=True)
class StoreFault:
    """Why no numbers can be shown.

    Attributes:
        title: for every reader, without paths or commands.
        text: likewise.
        command: what an analyst runs to repair it.
        summary: the fault in half a sentence.
        incident: the number under which the log has the details.
    """

    title: str
    text: str
    command: str
    summary: str
    incident: str

    @property
    def paragraphs(self) -> tuple[str, str]:
        """What a reader sees under the title."""
        next_step = "This page recovers by itself once the analyst has repaired it. You need not do anything."
        return f"{self.text} Incident {self.incident} in the log says more.", next_step


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


@dataclass
class _LastFault:
    """The fault that was logged last, and its incident number."""

    details: str = ""
    incident: str = ""


_last = _LastFault()


def fault_of(error: BaseException) -> StoreFault:
    """Return what to show for an error of the store. The same fault is logged once, however often it occurs."""
    if isinstance(error, OtherFormat):
        texts = _FORMAT
    elif isinstance(error, StoreDamagedError) and not isinstance(error, DeliveryUnreadable):
        texts = _LIST
    else:
        texts = _DELIVERY
    details = f"{type(error).__name__}: {error}"
    if _last.details != details:
        _last.details, _last.incident = details, cached_queries.incident("the store cannot be read", error)
    read_log.disable_cache()  # next time all may be well
    return StoreFault(*texts, incident=_last.incident)


def current_fault(delivery_id: str | None = None) -> StoreFault | None:
    """Return why a page could not show its numbers now, or None.

    Args:
        delivery_id: the delivery in the page's address. If it is unknown, the published one is checked, which the page shows.
    """
    try:
        published = cached_queries.current()
        shown = delivery_id if delivery_id and delivery_id in cached_queries.history() else published
        if shown is not None:
            cached_queries.choices(shown)
    except Exception as error:
        return fault_of(error)
    _last.details = _last.incident = ""
    return None
