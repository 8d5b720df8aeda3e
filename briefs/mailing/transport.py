"""Give a message to the mail server, over TLS unless the server is on this machine, and try again when that may help."""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from briefs.mailing.settings import MailServer, is_loopback
from briefs.model import BriefError
from data.masking import masked

PASSWORD = "DASHBOARD_SMTP_PASSWORD"  # the name of the environment variable
PAUSES = (5.0, 30.0, 60.0)  # seconds before the second, third and later attempts
_TIMEOUT = 30.0


class Outcome(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: no such mailbox, message too large
    DEFERRED = "deferred"  # this message, for now: mailbox full, greylisting
    UNREACHABLE = "unreachable"  # no message would get through: no connection, no TLS, wrong password


@dataclass(frozen=True)
class Handover:
    """What became of a message, and why in the server's words, without addresses."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class Transport:
    """The mail server. pause: waits some seconds between attempts."""

    mail: MailServer
    pause: Callable[[float], None] = time.sleep

    def send(self, message: EmailMessage, recipient: str) -> Handover:
        """Give a message to the server, in as many attempts as the settings allow.

        Raises:
            BriefError: The password cannot be read.
        """
        password = password_of(self.mail)
        handover = self._attempt(message, recipient, password)
        for attempt in range(1, self.mail.attempts):
            if handover.outcome in (Outcome.ACCEPTED, Outcome.REFUSED):
                break
            self.pause(PAUSES[min(attempt, len(PAUSES)) - 1])
            handover = self._attempt(message, recipient, password)
        return handover

    def _attempt(self, message: EmailMessage, recipient: str, password: str) -> Handover:
        connection: smtplib.SMTP | None = None
        try:
            connection = _connected(self.mail, password)
            connection.send_message(message, from_addr=self.mail.sender, to_addrs=[recipient])
            return Handover(Outcome.ACCEPTED)
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = error.recipients[recipient]
            return Handover(Outcome.REFUSED if code >= 500 else Outcome.DEFERRED, _words(code, reply))
        except smtplib.SMTPDataError as error:
            outcome = Outcome.REFUSED if error.smtp_code >= 500 else Outcome.DEFERRED
            return Handover(outcome, _words(error.smtp_code, error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return Handover(Outcome.UNREACHABLE, _words(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return Handover(Outcome.UNREACHABLE, masked(str(error).split("\n")[0] or type(error).__name__))
        finally:
            if connection is not None:
                with suppress(OSError, smtplib.SMTPException):  # the message is with the server already
                    connection.quit()


def password_of(mail: MailServer) -> str:
    """Return the password from the environment or the file; "" for a server without sign-in.

    Raises:
        BriefError: There is none, or the file cannot be read.
    """
    if not mail.user:
        return ""
    if from_environment := os.environ.get(PASSWORD):
        return from_environment
    if not mail.password_file:
        raise BriefError(f"The mail server needs a password: set {PASSWORD}, or password_file in [mail].")
    try:
        return Path(mail.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BriefError("The file of password_file in [mail] cannot be read.") from None


def _connected(mail: MailServer, password: str) -> smtplib.SMTP:
    if mail.security == "none" and not is_loopback(mail.host):
        raise ssl.SSLError("TLS is required for a mail server that is not on this machine")
    if mail.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=_TIMEOUT, context=ssl.create_default_context()
        )
    else:
        connection = smtplib.SMTP(mail.host, mail.port, timeout=_TIMEOUT)
    try:
        if mail.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if mail.user:
            connection.login(mail.user, password)
    except BaseException:
        connection.close()
        raise
    return connection


def _words(code: int, reply: bytes | str) -> str:
    """Return a server's reply in one line, without the addresses it quotes."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return masked(f"{code} {' '.join(text.split())}")[:200]
