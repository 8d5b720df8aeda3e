"""Messages over a real mail server on this machine: none lost, none twice, none for readers without a role."""

from __future__ import annotations

import datetime as dt
import os
import signal
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from functools import wraps
from pathlib import Path

import pytest

from briefs import catalog, register
from briefs.__main__ import main
from briefs.mailing import ledger, sending
from briefs.mailing.settings import MailServer
from briefs.mailing.transport import Outcome, Transport, password_of
from briefs.model import Document, Facts
from data import audit_log
from queries.access.rights import viewer
from queries.models import Delivery
from queries.scope import Scope
from tests.briefs.mail_server import Mailbox, free_port, mail_server
from tests.certificate import write_certificate

FRIDAY = date(2026, 11, 27)
DELIVERY = Delivery(
    id="2026-11-13",
    delivered_on=date(2026, 11, 13),
    layout=None,
    is_synthetic=True,
    note=None,
    published_at=datetime(2026, 11, 13, tzinfo=UTC),
)


STUB_FORMAT = catalog.FileFormat("pdf", "application/pdf", lambda document: b"%PDF stub")


def stub_document(scope: Scope, _: str | None) -> Document:
    facts = Facts(as_of=DELIVERY.delivered_on, delivery=DELIVERY, scope=scope, labels={}, reader="Governor’s office")
    return Document(title="Friday brief", lead="12,000 residents enrolled.", blocks=(), facts=facts)


@pytest.fixture
def cheap_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the Friday brief out of nothing: these tests are about sending it."""
    stub = replace(catalog.PRODUCTS["friday"], build=stub_document, file_format=STUB_FORMAT)
    monkeypatch.setitem(catalog.PRODUCTS, "friday", stub)
    monkeypatch.setattr(sending, "current_delivery_id", lambda: DELIVERY.id)


@dataclass
class Office:
    """The two files of an office with subscribers, and the mail server that takes their messages."""

    folder: Path
    mailbox: Mailbox

    def write(self, accounts: list[str], *, mail: str = "", subscription: str = "") -> None:
        """List these accounts with a role, and subscribe each of them to the Friday brief."""
        self.write_roles(accounts)
        head = f'[mail]\nhost = "127.0.0.1"\nport = {self.mailbox.port}\nsecurity = "none"\nsender = "office@example.gov"\n'
        each = "".join(
            f'[[subscription]]\nid = "s{number}"\naccount = "{account}"\ndocument = "friday"\n'
            + (subscription or 'when = "weekly"\nweekday = "friday"\n')
            for number, account in enumerate(accounts)
        )
        (self.folder / "subscriptions.toml").write_text(head + mail + each)

    def write_roles(self, accounts: list[str]) -> None:
        text = "".join(f'[[account]]\naccount = "{account}"\nrole = "governor"\n' for account in accounts)
        (self.folder / "access.toml").write_text(text)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("DASHBOARD_ACCESS", str(tmp_path / "access.toml"))
    monkeypatch.setenv("DASHBOARD_SUBSCRIPTIONS", str(tmp_path / "subscriptions.toml"))
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr("briefs.mailing.transport.PAUSES", (0.0,))
    with mail_server() as mailbox:
        yield Office(tmp_path, mailbox)


def send(*options: str, day: date = FRIDAY) -> int:
    """Run the command, and return its exit code."""
    try:
        return main(["send", "--now", day.isoformat(), *options])
    except SystemExit as stopped:
        return int(stopped.code or 0)


def accounts(number: int) -> list[str]:
    return [f"reader{each}@example.gov" for each in range(number)]


@pytest.mark.usefixtures("cheap_documents")
def test_a_message_says_what_it_holds(office, capsys):
    office.write(accounts(1))
    assert send() == 0
    ((recipient, message),) = office.mailbox.messages
    text = message.get_body().get_content()
    assert recipient == message["To"] == "reader0@example.gov"
    assert message["Subject"] == "Friday brief, November 13, 2026 (synthetic data)"
    assert text.startswith("12,000 residents enrolled.")
    assert "As of November 13, 2026, delivery of November 13, 2026." in text
    assert "You get this message every Friday." in text
    (attachment,) = message.iter_attachments()
    assert 'filename="2026-11-13_friday_governors-office_synthetic.pdf"' in attachment.as_string()
    assert attachment.get_filename() == "2026-11-13_friday_governors-office_synthetic.pdf"
    assert attachment.get_content() == b"%PDF stub"
    printed = capsys.readouterr().out
    assert "s0: sent 2026-11-13_friday" in printed
    assert "@" not in printed


@pytest.mark.usefixtures("cheap_documents")
def test_each_occasion_gets_a_single_message(office):
    office.write(accounts(1))
    for day in (FRIDAY, FRIDAY, FRIDAY + dt.timedelta(days=6), FRIDAY + dt.timedelta(days=8)):
        assert send(day=day) == 0
    assert list(office.mailbox.by_id().values()) == [1, 1]


@pytest.mark.usefixtures("cheap_documents")
def test_no_address_is_in_the_ledger_or_on_the_terminal(office, capsys):
    office.write(accounts(2))
    office.mailbox.refused = {"reader1@example.gov"}
    assert send() == 1
    printed = capsys.readouterr()
    assert "550 no mailbox ***@*** here" in printed.err
    assert "@example" not in printed.out + printed.err
    assert "@" not in (ledger._folder() / ledger.FILE).read_text()
    assert send() == 0, "what was refused for good is not tried again"


@pytest.mark.usefixtures("cheap_documents")
def test_a_reader_whose_role_was_taken_away_gets_nothing(office, capsys):
    office.write(accounts(2))
    office.write_roles(["reader0@example.gov"])
    assert send() == send() == 0
    assert office.mailbox.recipients() == ["reader0@example.gov"]
    assert "s1: nothing was sent: its account has no role in access.toml" in capsys.readouterr().out
    events = Counter((event["event"], event["account"]) for event in audit_log.read())
    assert events == {("sent", "reader0@example.gov"): 1, ("denied", "reader1@example.gov"): 1}
    office.write_roles(accounts(2))
    assert send() == 0
    assert office.mailbox.recipients() == accounts(2), "once the role is back, so is the message of this Friday"


@pytest.mark.usefixtures("cheap_documents")
def test_a_dry_run_writes_messages_and_changes_nothing(office, tmp_path):
    office.write(accounts(2))
    monday = FRIDAY + dt.timedelta(days=3)
    assert send("--dry-run", str(tmp_path / "due"), day=monday) == 0
    assert send("--dry-run", str(tmp_path / "all"), "--all", day=monday) == 0
    assert [path.name for path in (tmp_path / "due").iterdir()] == []
    written = sorted((tmp_path / "all").iterdir())
    assert [path.name for path in written] == ["2026-11-30_s0.eml", "2026-11-30_s1.eml"]
    assert message_from_bytes(written[0].read_bytes(), policy=default)["To"] == "reader0@example.gov"
    assert office.mailbox.messages == []
    assert not (tmp_path / "log").exists()
    assert send("--all") == 2, "only a dry run sends what is not due"


@pytest.mark.usefixtures("cheap_documents")
def test_two_runs_do_not_send_at_the_same_time(office, capsys):
    office.write(accounts(1))
    with ledger.opened():
        assert send() == 2
    assert ledger.BUSY in capsys.readouterr().err
    assert office.mailbox.messages == []


# Retries


@pytest.mark.usefixtures("cheap_documents")
def test_a_server_that_is_busy_is_tried_again(office):
    office.write(accounts(1))
    office.mailbox.replies = ["451 try again later", "451 try again later"]
    assert send() == 0
    assert list(office.mailbox.by_id().values()) == [1]


@pytest.mark.usefixtures("cheap_documents")
def test_the_next_run_sends_what_failed(office, capsys):
    office.write(accounts(2), mail="attempts = 1\n")
    office.mailbox.replies = ["451 try again later"]
    assert send() == 1
    assert "s0: not sent yet, the next run tries again: 451" in capsys.readouterr().err
    assert send() == 0
    assert "twice" not in capsys.readouterr().out
    assert office.mailbox.recipients() == accounts(2)
    assert set(office.mailbox.by_id().values()) == {1}


@pytest.mark.usefixtures("cheap_documents")
def test_a_run_ends_where_there_is_no_server(office, capsys):
    office.write(accounts(3))
    path = office.folder / "subscriptions.toml"
    path.write_text(path.read_text().replace(str(office.mailbox.port), str(free_port())))
    assert send() == 1
    printed = capsys.readouterr()
    assert "s0: the mail server cannot be used" in printed.err
    assert "1 failed, 2 not tried" in printed.out


@pytest.mark.usefixtures("cheap_documents")
def test_a_connection_that_breaks_holds_up_no_other_message(office, capsys, monkeypatch):
    office.write(accounts(2), mail="attempts = 1\n")
    give = smtplib.SMTP.data

    def give_and_lose_the_reply(connection, content):
        give(connection, content)
        monkeypatch.setattr(smtplib.SMTP, "data", give)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(smtplib.SMTP, "data", give_and_lose_the_reply)
    assert send() == 1
    assert office.mailbox.recipients() == accounts(2)
    capsys.readouterr()
    assert send() == 0
    assert "s0: sent" in (printed := capsys.readouterr().out)
    assert "It may arrive twice, with the same Message-ID" in printed
    assert sorted(office.mailbox.by_id().values()) == [1, 2]


@pytest.mark.usefixtures("cheap_documents")
def test_without_a_password_nothing_is_recorded(office, capsys, monkeypatch):
    monkeypatch.delenv("DASHBOARD_SMTP_PASSWORD", raising=False)
    office.write(accounts(1), mail='user = "office"\n')
    assert send() == 2
    assert "needs a password" in capsys.readouterr().err
    assert not (office.folder / "log").exists()


LOCAL = {"host": "localhost", "sender": "office@example.gov", "attempts": 1}


def a_message(document: Document | None = None):
    subscriber = sending.Subscription(
        id="a", account="x@example.gov", document="friday", when="weekly", weekday="friday"
    )
    document = document or stub_document(Scope(viewer=None), None)
    made = catalog.MadeFile(name="x.pdf", content=b"x", media_type="application/pdf", document=document)
    parcel = sending.Parcel(subscription=subscriber, occasion=sending.Occasion(key="k", reason="r"), made=made)
    return sending.compose(parcel, MailServer.model_validate(LOCAL))


def test_the_subject_names_a_group_as_on_screen(demo_store, use_store):
    use_store(demo_store)
    document = catalog.make("friday", Scope(region="Eastern", group="opportunity_youth")).document
    subject = a_message(document)["Subject"]
    assert subject == "Friday brief, Eastern, Opportunity youth, November 13, 2026 (synthetic data)"


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for localhost, signed by itself."""
    return write_certificate(tmp_path_factory.mktemp("certificate"))


def test_a_message_goes_over_tls_to_a_server_whose_certificate_is_trusted(certificate, monkeypatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with mail_server(tls=context) as mailbox:
        transport = Transport(MailServer.model_validate(LOCAL | {"port": mailbox.port}))
        untrusted = transport.send(a_message(), "x@example.gov")
        assert untrusted.outcome is Outcome.UNREACHABLE
        assert "certificate" in untrusted.reason
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert transport.send(a_message(), "x@example.gov").outcome is Outcome.ACCEPTED
    assert mailbox.recipients() == ["x@example.gov"]


def test_a_server_without_tls_gets_no_message():
    with mail_server() as mailbox:
        transport = Transport(MailServer.model_validate(LOCAL | {"port": mailbox.port}))
        assert transport.send(a_message(), "x@example.gov").outcome is Outcome.UNREACHABLE
    assert mailbox.messages == []


def test_off_this_machine_there_is_no_sending_without_tls(monkeypatch):
    monkeypatch.setattr(smtplib, "SMTP", lambda *_, **__: pytest.fail("a connection without TLS"))
    mail = MailServer.model_construct(**LOCAL | {"host": "smtp.example.gov", "security": "none", "user": ""})
    handover = Transport(mail).send(a_message(), "x@example.gov")
    assert handover.outcome is Outcome.UNREACHABLE
    assert "TLS is required" in handover.reason


def test_a_password_comes_from_the_environment_or_a_file(tmp_path, monkeypatch):
    (tmp_path / "password").write_text("from a file\n")
    mail = MailServer.model_validate(LOCAL | {"user": "office", "password_file": str(tmp_path / "password")})
    monkeypatch.delenv("DASHBOARD_SMTP_PASSWORD", raising=False)
    assert password_of(mail) == "from a file"
    monkeypatch.setenv("DASHBOARD_SMTP_PASSWORD", "from the environment")
    assert password_of(mail) == "from the environment"


# Runs that are killed


class Killer:
    """Kills the process with signal 9 at one of the steps of a run: before or after each call of the functions it wraps."""

    def __init__(self, at: int) -> None:
        self.left = at

    def wrapped(self, function: Callable[..., object]) -> Callable[..., object]:
        @wraps(function)
        def wrapper(*args: object, **kwargs: object) -> object:
            self._step()
            result = function(*args, **kwargs)
            self._step()
            return result

        return wrapper

    def _step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


STEPS = [
    (catalog, "make"),
    (register, "record"),
    (ledger.Ledger, "append"),
    (smtplib.SMTP, "connect"),
    (smtplib.SMTP, "mail"),
    (smtplib.SMTP, "rcpt"),
    (smtplib.SMTP, "data"),
    (smtplib.SMTP, "quit"),
    (os, "fsync"),
]


def send_and_die(at: int) -> bool:
    """Send in a process that is killed at a step. Returns False if it came to its end before."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        killer = Killer(at)
        for place, name in STEPS:
            setattr(place, name, killer.wrapped(getattr(place, name)))
        code = 99
        try:
            code = send()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


@pytest.mark.usefixtures("cheap_documents")
def test_a_kill_at_any_step_loses_no_message_and_repeats_none_that_is_recorded(office, capsys):
    step, repeats = 0, 0
    is_killed = True
    while is_killed:
        step += 1
        office.mailbox.messages.clear()
        office.write([f"reader{step}@example.gov"])
        is_killed = send_and_die(step)
        capsys.readouterr()
        assert send() == 0
        count = office.mailbox.by_id()
        assert len(count) == 1, f"lost at step {step}"
        if set(count.values()) != {1}:  # the server had the message, and the record of that was not on disk
            repeats += 1
            assert list(count.values()) == [2]
            assert "It may arrive twice, with the same Message-ID" in capsys.readouterr().out
        assert send() == 0
        assert office.mailbox.by_id() == count, "nothing is left to send"
    assert step > 20
    assert 0 < repeats <= 6, "only between the server's reply and the record"


@pytest.mark.usefixtures("cheap_documents")
def test_two_hundred_subscriptions_are_all_served_once_although_the_run_is_killed(office):
    office.write(accounts(200))
    kills = sum(send_and_die(at) for at in (3, 700, 1403))
    assert kills == 3
    assert send() == 0
    assert sorted(set(office.mailbox.recipients())) == sorted(accounts(200))
    count = office.mailbox.by_id()
    assert len(count) == 200
    assert sum(count.values()) <= 200 + kills


# Documents of a delivery


@pytest.mark.parametrize(
    ("account", "document", "scope"),
    [
        ('role = "governor"', "friday", Scope(viewer=viewer("governor"))),
        ('role = "officer"', "friday", Scope(viewer=viewer("officer"))),
        (
            'role = "director"\nregion = "Northwest"',
            "packet",
            Scope(viewer=viewer("director", "Northwest"), region="Northwest"),
        ),
    ],
)
def test_a_document_is_drawn_with_the_rights_of_its_reader(office, demo_store, use_store, account, document, scope):
    use_store(demo_store)
    office.write(["x@example.gov"])
    (office.folder / "access.toml").write_text(f'[[account]]\naccount = "x@example.gov"\n{account}\n')
    path = office.folder / "subscriptions.toml"
    path.write_text(path.read_text().replace('"friday"\nwhen', f'"{document}"\nwhen'))
    assert send() == 0
    ((_, message),) = office.mailbox.messages
    (attachment,) = message.iter_attachments()
    made = catalog.make(document, scope)
    assert attachment.get_filename() == made.name
    assert attachment.get_content() == made.content
    (publication,) = register.publications()
    assert (publication.account, publication.file) == ("x@example.gov", made.name)
    assert publication.id in message.get_body().get_content()


def test_a_document_compares_as_its_subscription_says(office, demo_store, use_store):
    use_store(demo_store)
    office.write(["x@example.gov"])
    path = office.folder / "subscriptions.toml"
    path.write_text(path.read_text().replace('"friday"\nwhen', '"friday"\ncompare = "before"\nwhen'))
    assert send() == 0
    ((_, message),) = office.mailbox.messages
    (attachment,) = message.iter_attachments()
    assert "_compare-" in attachment.get_filename()
    assert "compared with the" in message.get_body().get_content()


def test_a_figure_that_moves_is_sent_once(office, demo_store, use_store, monkeypatch):
    use_store(demo_store)
    monkeypatch.setitem(
        catalog.PRODUCTS,
        "friday",
        replace(catalog.PRODUCTS["friday"], build=stub_document, file_format=STUB_FORMAT),
    )
    office.write(["x@example.gov"], subscription='when = "change"\nmeasure = "residents_enrolled"\nmoves_by = 100\n')
    assert send() == 0
    assert office.mailbox.messages == [], "the first run only notes the figure"
    path = ledger._folder() / ledger.FILE
    path.write_text(path.read_text().replace('"figure": 12', '"figure": 11'))
    assert send() == send() == 0
    ((_, message),) = office.mailbox.messages
    assert "Residents enrolled under these filters: 12," in message.get_body().get_content()
    assert "It was 11," in message.get_body().get_content()
