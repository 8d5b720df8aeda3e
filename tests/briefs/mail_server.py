"""A real mail server on this machine, for the tests of subscriptions."""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What the server took, and what it answers: a queue of replies, then "250 OK"."""

    port: int = 0
    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 no mailbox {address} here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.replies and not (reply := self.replies.pop(0)).startswith("250"):
            return reply
        (recipient,) = envelope.rcpt_tos
        self.messages.append((recipient, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    def by_id(self) -> Counter[str]:
        """Return how often each Message-ID came."""
        return Counter(str(message["Message-ID"]) for _, message in self.messages)

    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _ in self.messages)


@contextmanager
def mail_server(*, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Run a server until the block ends. tls: what it needs to offer STARTTLS, which it then requires."""
    mailbox = Mailbox(port=free_port())
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=mailbox.port, tls_context=tls, require_starttls=tls is not None
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
