"""subscriptions.toml: what a mistake in it says, and when a message is due."""

from __future__ import annotations

from datetime import date

import pytest

from briefs.mailing import schedule
from briefs.mailing.ledger import Entry, Event, History, Ledger
from briefs.mailing.schedule import Situation
from briefs.mailing.settings import Subscription, read_subscriptions
from briefs.model import BriefError
from tests.conftest import ROOT

MAIL = '[mail]\nhost = "smtp.example.gov"\nsender = "dashboard@example.gov"\n'
VALID = '[[subscription]]\nid = "a"\naccount = "x@example.gov"\ndocument = "friday"\nwhen = "delivery"\n'


def subscription(**settings: object) -> Subscription:
    base = {"id": "a", "account": "x@example.gov", "document": "friday", "when": "weekly"}
    return Subscription.model_validate(base | settings)


def test_the_example_can_be_used_as_it_stands():
    content = read_subscriptions(ROOT / "subscriptions.example.toml")
    assert [each.when for each in content.subscription] == ["weekly", "monthly", "delivery", "change"]
    assert content.subscription[3].recipient == "analysts@example.gov"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (VALID, "mail is missing"),
        (MAIL.replace("[mail]", '[mail]\nsecurity = "none"') + VALID, "only a mail server on this machine"),
        (MAIL + 'password = "secret"\n' + VALID, "mail.password is not a setting here"),
        (MAIL + VALID.replace("friday", "sunday"), "the documents are: friday"),
        (MAIL + VALID + 'filters = { shoe = "9" }', "the filters are: initiative"),
        (MAIL + VALID.replace('"delivery"', '"hourly"'), "hourly"),
        (MAIL + VALID.replace('"delivery"', '"weekly"'), 'when = "weekly" needs weekday'),
        (MAIL + VALID + 'weekday = "friday"', 'when = "delivery" does not take weekday'),
        (MAIL + VALID.replace('"delivery"', '"monthly"\nday = 31'), "day"),
        (
            MAIL + VALID.replace('"delivery"', '"change"\nmeasure = "luck"\nmoves_by = 1.0'),
            "there is no such measure",
        ),
        (MAIL + VALID.replace("x@example.gov", "analyst-7"), "such an account needs it"),
        (MAIL + VALID + 'to = "y@example.gov"', "is not an e-mail address"),
        (MAIL + VALID.replace("x@example.gov", "analyst-7") + 'to = "a@b.gov, c@d.gov"', "it is not an e-mail address"),
        (MAIL + VALID + VALID, "used twice: a"),
        (MAIL + VALID.replace('"friday"', '"treasury"\ncompare = "state"'), "compare is not for treasury"),
        ("mail = ", "cannot be read"),
    ],
)
def test_a_mistake_becomes_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "subscriptions.toml"
    path.write_text(text)
    with pytest.raises(BriefError) as raised:
        read_subscriptions(path)
    assert sentence in str(raised.value)
    assert str(raised.value).endswith(".")
    assert "alue error" not in str(raised.value)


def test_a_missing_file_gets_a_sentence(tmp_path):
    with pytest.raises(BriefError, match=r"subscriptions\.example\.toml"):
        read_subscriptions(tmp_path / "subscriptions.toml")


def key_on(subscribed: Subscription, today: date, *, first_run: date, **history: object) -> str | None:
    past = History(first_run=first_run, first_delivery="d1", **history)
    due = schedule.occasion(subscribed, past, Situation(today=today, delivery=f"d{today.day}"))
    return due.key if due else None


def test_a_weekly_message_is_for_the_last_such_day_since_the_first_run():
    weekly = subscription(weekday="friday")
    start = date(2026, 11, 25)  # a Wednesday
    assert key_on(weekly, date(2026, 11, 26), first_run=start) is None
    assert key_on(weekly, date(2026, 11, 27), first_run=start) == "2026-11-27"
    assert key_on(weekly, date(2026, 11, 30), first_run=start) == "2026-11-27"
    assert key_on(weekly, date(2026, 12, 4), first_run=start) == "2026-12-04"


def test_a_monthly_message_is_for_the_last_such_day_since_the_first_run():
    monthly = subscription(when="monthly", day=28)
    assert key_on(monthly, date(2027, 1, 3), first_run=date(2026, 12, 1)) == "2026-12-28"
    assert key_on(monthly, date(2027, 1, 3), first_run=date(2026, 12, 29)) is None
    assert key_on(monthly, date(2027, 3, 1), first_run=date(2026, 12, 29)) == "2027-02-28"


def test_a_new_delivery_came_after_the_first_run():
    each = subscription(when="delivery")
    assert key_on(each, date(2026, 12, 1), first_run=date(2026, 12, 1)) is None
    assert key_on(each, date(2026, 12, 2), first_run=date(2026, 12, 1)) == "d2"


def test_another_reader_or_schedule_is_another_subscription():
    weekly = subscription(weekday="friday")
    others = [subscription(weekday="monday"), subscription(weekday="friday", account="y@example.gov")]
    assert len({weekly.key, *(other.key for other in others)}) == 3
    assert "@" not in weekly.key
    assert subscription(weekday="friday", account=" X@example.gov".strip()).key == weekly.key


def test_an_incomplete_line_is_passed_over_and_the_next_stands_on_its_own(tmp_path):
    path = tmp_path / "sent.jsonl"
    entry = Entry(event=Event.SENT, key="a/weekly", day=date(2026, 11, 27), occasion="2026-11-27")
    without_figure = entry.to_line().replace(', "figure": null', "").replace("2026-11-27", "2026-11-20")
    assert "figure" not in without_figure
    path.write_text(entry.to_line() + "\n" + without_figure + "\n" + entry.to_line()[:40])
    ledger = Ledger(path, is_written=True)
    ledger.append(Entry(event=Event.SENT, key="a/weekly", day=date(2026, 12, 4), occasion="2026-12-04"))
    history = Ledger(path, is_written=False).history("a/weekly")
    assert history is not None
    assert history.finished == {"2026-11-27", "2026-12-04"}
