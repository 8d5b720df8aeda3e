"""Send what is due: each document with its reader's rights at that moment, recorded before and after it leaves.

The steps of a message are: make the document; write it to the register; record "sending"; give it to the mail server; record
"sent". A run that ends before the server has the message leaves it to the next run. Between the server's reply and the record
"sent" nobody can know whether the message left, so the next run sends it again under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from briefs import catalog, register
from briefs.mailing.ledger import Entry, Event, History, Ledger
from briefs.mailing.message import Parcel, compose
from briefs.mailing.schedule import Occasion, Situation, occasion
from briefs.mailing.settings import Subscription, Subscriptions
from briefs.mailing.transport import Handover, Outcome
from briefs.model import BriefError
from data import audit_log
from queries.access.accounts import read_access, reader_of_account
from queries.access.rights import name_of
from queries.access.viewer import Viewer
from queries.database import current_delivery_id
from queries.models import Answer
from queries.scope import AskError, Question, Scope
from queries.service import ask

NO_ROLE = "nothing was sent: its account has no role in access.toml"
AGAIN = ". It may arrive twice, with the same Message-ID: an earlier attempt ended while the server took it"
Deliver = Callable[[EmailMessage, Subscription], Handover]


class Status(StrEnum):
    """What became of a subscription in a run."""

    SENT = "sent"
    NOT_DUE = "not due"
    WITHHELD = "withheld"
    FAILED = "failed"
    STOPPED = "stopped"  # failed, and no other message would get through


@dataclass(frozen=True)
class Result:
    """What became of one subscription, in words without an address."""

    subscription: Subscription
    status: Status
    words: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run over the subscriptions.

    Attributes:
        content: The settings.
        ledger: What was sent earlier.
        deliver: Gives a message to the mail server.
        today: The day.
        is_dry: Whether nothing is written to the register and the audit log.
        sends_all: Whether to make every document, due or not.
    """

    content: Subscriptions
    ledger: Ledger
    deliver: Deliver
    today: date
    is_dry: bool = False
    sends_all: bool = False

    def results(self) -> Iterator[Result]:
        """Send what is due, and yield what became of each subscription. Ends early if the mail server takes no message.

        Raises:
            AccessError: access.toml cannot be used.
            BriefError: There is no password for the mail server.
            NothingPublished: Nothing has been published yet.
            OSError: The ledger cannot be written.
        """
        delivery = current_delivery_id()
        for subscription in self.content.subscription:
            result = self._result(subscription, delivery)
            yield result
            if result.status is Status.STOPPED:
                return

    def _result(self, subscription: Subscription, delivery: str) -> Result:
        viewer = reader_of_account(subscription.account, read_access())
        if viewer is None:
            return self._withheld(subscription, delivery)
        scope = scope_for(subscription, viewer)
        try:
            now = Situation(today=self.today, delivery=delivery, watched=_watched(subscription, scope))
            due = self._due(subscription, now)
            if due is None:
                return Result(subscription, Status.NOT_DUE, "not due")
            made = catalog.make(subscription.document, scope, compared_with=subscription.compare)
        except (AskError, BriefError) as error:
            return Result(subscription, Status.FAILED, f"the document could not be made. {error}")
        return self._sent(Parcel(subscription=subscription, occasion=due, made=made), viewer, now)

    def _due(self, subscription: Subscription, now: Situation) -> Occasion | None:
        """Return the occasion to send for now, or None."""
        history = self._history(subscription, now)
        due = occasion(subscription, history, now)
        if due is not None and due.key not in history.finished:
            return due
        return Occasion(key=f"dry-{self.today}", reason="This message was not due.") if self.sends_all else None

    def _history(self, subscription: Subscription, now: Situation) -> History:
        """Return what is recorded about a subscription. Its first run, and the first with a figure, start the record."""
        history = self.ledger.history(subscription.key)
        if history is None or (history.figure is None and now.figure is not None):
            self.ledger.append(
                Entry(
                    event=Event.STARTED,
                    key=subscription.key,
                    day=self.today,
                    delivery=now.delivery,
                    figure=now.figure,
                )
            )
        return self.ledger.history(subscription.key) or History(first_run=self.today, first_delivery=now.delivery)

    def _sent(self, parcel: Parcel, viewer: Viewer, now: Situation) -> Result:
        subscription = parcel.subscription
        if not self.is_dry:
            publication = register.record(
                parcel.made.name, parcel.made.document.answers, account=subscription.account, role=viewer.id
            )
            parcel = replace(parcel, register_id=publication.id if publication else "")
        history = self._history(subscription, now)
        is_repeat = parcel.occasion.key in history.unconfirmed
        entry = Entry(
            event=Event.SENDING,
            key=subscription.key,
            day=self.today,
            occasion=parcel.occasion.key,
            delivery=now.delivery,
            figure=now.figure,
        )
        self.ledger.append(entry)
        handover = self.deliver(compose(parcel, self.content.mail), subscription)
        if handover.outcome is Outcome.ACCEPTED:
            self.ledger.append(replace(entry, event=Event.SENT))
            self._log(
                "sent",
                subscription,
                role=viewer.id,
                what=f"{subscription.document}.{parcel.made.name.rpartition('.')[2]}",
            )
            words = f"{'wrote' if self.is_dry else 'sent'} {parcel.made.name} for {name_of(viewer)}"
            is_repeat = is_repeat or not handover.is_certain
            return Result(subscription, Status.SENT, words + AGAIN if is_repeat else words)
        if handover.outcome is Outcome.REFUSED:
            self.ledger.append(replace(entry, event=Event.REFUSED))
            return Result(subscription, Status.FAILED, f"the mail server refused it for good: {handover.reason}")
        if handover.is_certain and not is_repeat:
            self.ledger.append(replace(entry, event=Event.FAILED))
        if handover.outcome is Outcome.DEFERRED:
            return Result(subscription, Status.FAILED, f"not sent yet, the next run tries again: {handover.reason}")
        return Result(subscription, Status.STOPPED, f"the mail server cannot be used: {handover.reason}")

    def _withheld(self, subscription: Subscription, delivery: str) -> Result:
        history = self.ledger.history(subscription.key)
        if history is None or history.withheld_on != self.today:
            self.ledger.append(Entry(event=Event.WITHHELD, key=subscription.key, day=self.today, delivery=delivery))
            self._log("denied", subscription, role="", why="no role")
        return Result(subscription, Status.WITHHELD, NO_ROLE)

    def _log(self, event: str, subscription: Subscription, *, role: str, **details: str) -> None:
        if not self.is_dry:
            audit_log.write(event, account=subscription.account, role=role, **details)


def scope_for(subscription: Subscription, viewer: Viewer) -> Scope:
    """Return the scope of a subscription's document. A director's region stands for one that was not chosen."""
    scope = Scope(viewer=viewer).but(**subscription.filters)
    if scope.region is None and catalog.PRODUCTS[subscription.document].page == "my_region":
        return scope.but(region=viewer.region)
    return scope


def into_folder(folder: Path, today: date) -> Deliver:
    """Return a function that writes messages to a folder in place of sending them: files for any mail program.

    Raises:
        BriefError: The folder cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BriefError(f"{folder} cannot be created: {error.strerror}.") from None

    def write(message: EmailMessage, subscription: Subscription) -> Handover:
        path = folder / f"{today.isoformat()}_{subscription.id}.eml"
        try:
            path.write_bytes(message.as_bytes())
        except OSError as error:
            raise BriefError(f"{path} cannot be written: {error.strerror}.") from None
        return Handover(Outcome.ACCEPTED)

    return write


def _watched(subscription: Subscription, scope: Scope) -> Answer | None:
    return ask(Question(subscription.measure), scope) if subscription.measure else None
