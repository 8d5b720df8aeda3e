"""One message: a short subject, the answer as plain text, and the document as an attachment whose name sorts by date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from briefs.answers import withdrawn_words
from briefs.catalog import PRODUCTS, MadeFile
from briefs.contents import filters_text
from briefs.mailing.schedule import Occasion
from briefs.mailing.settings import MailServer, Subscription
from components.text.format import day
from components.text.scope_words import delivery_day
from queries.dimensions import FILTERS

SYNTHETIC = "synthetic data"
_POLICY = SMTP.clone(
    max_line_length=250
)  # so that the attachment's name is not split, which some mail programs do not undo


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A document on its way to a reader.

    Attributes:
        subscription: Who gets it.
        occasion: What it is for.
        made: The document.
        register_id: Its id in the register; "" where it has none.
    """

    subscription: Subscription
    occasion: Occasion
    made: MadeFile
    register_id: str = ""


def compose(parcel: Parcel, mail: MailServer) -> EmailMessage:
    """Return the message. Its Message-ID is the same whenever a message for this occasion is composed again."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = mail.sender
    message["To"] = parcel.subscription.recipient
    message["Subject"] = subject(parcel)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = message_id(parcel.subscription, parcel.occasion, mail)
    message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
    message.set_content(text(parcel, mail), cte="quoted-printable")
    maintype, subtype = parcel.made.media_type.split("/")
    message.add_attachment(parcel.made.content, maintype=maintype, subtype=subtype, filename=parcel.made.name)
    return message


def message_id(subscription: Subscription, occasion: Occasion, mail: MailServer) -> str:
    """Return the Message-ID, by which servers and people recognize a message that arrives twice."""
    digest = hashlib.sha256(f"{subscription.key} {occasion.key}".encode()).hexdigest()[:32]
    return f"<{digest}@{mail.sender.rpartition('@')[2]}>"


def subject(parcel: Parcel) -> str:
    """Return the subject: "Board packet, Northwest, November 13, 2026 (synthetic data)"."""
    facts = parcel.made.document.facts
    label = PRODUCTS[parcel.subscription.document].label.partition(" (")[0]
    filters = [facts.labels[name] for name in FILTERS if name in facts.labels]
    parts = ", ".join([label, *filters, day(facts.as_of)])
    return " ".join(f"{parts} ({SYNTHETIC})".split() if facts.delivery.is_synthetic else parts.split())


def text(parcel: Parcel, mail: MailServer) -> str:
    """Return the plain text: the answer in a sentence, then what it rests on and how to stop the messages."""
    document = parcel.made.document
    facts = document.facts
    lines = [
        document.lead,
        "",
        f"Attached: {parcel.made.name}",
        f"Filters: {filters_text(facts)}",
        f"As of {day(facts.as_of)}, delivery of {delivery_day(facts.delivery)}.",
        *filter(None, [withdrawn_words(facts.delivery)]),
        *(["The numbers are synthetic data, not about real people."] if facts.delivery.is_synthetic else []),
        f"It shows what your role sees on the dashboard: {facts.reader}.",
        *([f"Id in the register: {parcel.register_id}"] if parcel.register_id else []),
        "",
        parcel.occasion.reason,
        f"To change or stop these messages, write to {mail.sender}.",
    ]
    return "\n".join(lines)
