"""Give a message to the mail server, over TLS unless the server is on this machine, and try again when that may help."""

from __future__ import annotations

import os
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from briefs.mailing.settings import MailServer
from briefs.model import BriefError
from data.hosts import is_this_machine
from data.masking import masked

PASSWORD = "DASHBOARD_SMTP_PASSWORD"  # the name of the environment variable
PAUSES = (5.0, 30.0, 60.0)  # seconds before the second, third and later attempts
_TIMEOUT = 30.0
_TOO_LARGE = 552  # the reply to a sender whose message exceeds the server's limit


class Outcome(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: no such mailbox, message too large
    DEFERRED = "deferred"  # this message, for now: mailbox full, greylisting
    UNREACHABLE = "unreachable"  # no message would get through: no connection, no TLS, wrong password


@dataclass(frozen=True)
class Handover:
    """What became of a message.

    Attributes:
        outcome: The outcome of the last attempt.
        reason: Why, in the server's words, without addresses.
        is_certain: Whether every earlier attempt ended with a reply. If not, the server may have taken the message then.
    """

    outcome: Outcome
    reason: str = ""
    is_certain: bool = True


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
            following = self._attempt(message, recipient, password)
            handover = replace(following, is_certain=handover.is_certain and following.is_certain)
        return handover

    def _attempt(self, message: EmailMessage, recipient: str, password: str) -> Handover:
        try:
            connection = _connected(self.mail, password)
        except (OSError, smtplib.SMTPException) as error:
            return Handover(Outcome.UNREACHABLE, _reason(error))
        try:
            connection.send_message(message, from_addr=self.mail.sender, to_addrs=[recipient])
            return Handover(Outcome.ACCEPTED)
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = error.recipients[recipient]
            return Handover(_outcome(code), _words(code, reply))
        except smtplib.SMTPSenderRefused as error:
            outcome = Outcome.REFUSED if error.smtp_code == _TOO_LARGE else Outcome.UNREACHABLE
            return Handover(outcome, _reason(error))
        except smtplib.SMTPResponseException as error:
            return Handover(_outcome(error.smtp_code), _reason(error))
        except (OSError, smtplib.SMTPException) as error:
            return Handover(Outcome.DEFERRED, _reason(error), is_certain=False)
        finally:
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
    if mail.security == "none" and not is_this_machine(mail.host):
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
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def _outcome(code: int) -> Outcome:
    return Outcome.REFUSED if code >= 500 else Outcome.DEFERRED


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error)
    return masked(str(error).split("\n")[0] or type(error).__name__)


def _words(code: int, reply: bytes | str) -> str:
    """Return a server's reply in one line, without the addresses it quotes."""
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return masked(f"{code} {' '.join(text.split())}")[:200]
