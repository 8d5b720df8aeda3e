"""access.toml: who is who, and what a mistake in it says."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefs.mailing.settings import read_subscriptions
from queries.__main__ import main
from queries.access.accounts import Access, AccessError, account_in, read_access, reader_for, reader_of_account
from queries.access.viewer import Viewer
from queries.privacy.suppression import HIDDEN
from tests.characters import CHARACTERS
from tests.conftest import ROOT

VERIFIED = {"email_verified": True}


@pytest.fixture
def written(tmp_path):
    def write(text: str) -> Access:
        path = tmp_path / "access.toml"
        path.write_text(text, encoding="utf-8")
        return read_access(path)

    return write


def test_the_example_can_be_used_as_it_stands():
    access = read_access(ROOT / "access.example.toml")
    assert reader_for({"email": "officer@example.gov", **VERIFIED}, access) == Viewer("officer", clearance="exact")
    director = reader_for({"email": " Director.Northwest@Example.ORG ", **VERIFIED}, access)
    assert director == Viewer("director", "Northwest", "exact")
    assert reader_for({"email": "x@y.gov", "roles": ["Other", "Workforce.Director.Eastern"]}, access) == Viewer(
        "director", "Eastern", "exact"
    )


def test_nobody_has_a_role_by_chance():
    access = read_access(ROOT / "access.example.toml")
    for claims in (
        {},
        {"email": "stranger@example.gov", **VERIFIED},
        {"email": ["officer@example.gov"], **VERIFIED},
        {"email": "officer@example.gov"},
        {"email": None, "roles": None},
        {"email": "officer@example.gov", "email_verified": False},
        {"roles": {"Workforce.Officer": True}},
        {"roles": "workforce.officer"},
        {"groups": ["Workforce.Officer"]},
        {"preferred_username": "officer@example.gov", **VERIFIED},
        {"roles": [["Workforce.Officer"], {"Workforce.Officer": 1}, b"Workforce.Officer", None, True, 1.0]},
    ):
        assert reader_for(claims, access) is None, claims


def test_an_account_listed_by_name_is_what_it_is_listed_as():
    access = read_access(ROOT / "access.example.toml")
    both = {"email": "director.northwest@example.org", **VERIFIED, "roles": ["Workforce.Officer"]}
    assert reader_for(both, access).role == "director"
    several = {"roles": ["Workforce.Governor", "Workforce.Analyst"]}
    assert reader_for(several, access).role == "analyst", "the first in the order of the file"


# Whatever a provider sends

TRUE_TEXTS = st.sampled_from(["true", "True", "TRUE", " true ", "tRuE"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(CHARACTERS, max_size=8), st.binary(max_size=4)
)
WORDS = st.sampled_from(
    ["false", "False", "FALSE", "no", "0", "1", "yes", "t", "on", "", " ", "null", "verified", "truе"]
)
ANYTHING = st.recursive(
    SCALARS | WORDS, lambda some: st.lists(some, max_size=2) | st.dictionaries(st.text(CHARACTERS, max_size=3), some)
)


def is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def listed(*, vouches: bool = False) -> Access:
    viewer = Viewer("officer", clearance="exact")
    return Access(accounts={"officer@example.gov": viewer}, provider_vouches_for_email=vouches)


@given(verified=ANYTHING | TRUE_TEXTS, vouches=st.booleans())
@settings(max_examples=400)
@example(verified="false", vouches=True)
@example(verified=0, vouches=True)
@example(verified=1, vouches=True)
@example(verified=None, vouches=True)
def test_only_a_verified_address_names_somebody(verified, vouches):
    claims, access = {"email": "officer@example.gov", "email_verified": verified}, listed(vouches=vouches)
    assert bool(account_in(claims, access)) == is_true(verified)
    assert (reader_for(claims, access) is not None) == is_true(verified)


def test_a_provider_that_never_says_so_has_to_be_vouched_for(written):
    claims = {"email": "officer@example.gov"}
    assert reader_for(claims, listed()) is None
    assert reader_for(claims, listed(vouches=True)) is not None
    text = '[[account]]\naccount = "officer@example.gov"\nrole = "officer"\n'
    assert reader_for(claims, written("provider_vouches_for_email = true\n" + text)) is not None
    assert reader_for(claims, written("provider_vouches_for_email = false\n" + text)) is None


def test_a_role_by_e_mail_address_needs_a_verified_address():
    access = Access(account_claim="sub", claim="email", values={"officer@example.gov": Viewer("officer")})
    assert reader_for({"email": "officer@example.gov", "email_verified": "false"}, access) is None
    assert reader_for({"email": "officer@example.gov", "email_verified": True}, access) is not None


@given(ANYTHING)
@settings(max_examples=300)
def test_a_role_claim_counts_by_texts_and_integers_only(claim):
    access = Access(claim="groups", values={"7": Viewer("analyst"), "Officers": Viewer("officer")})
    values = claim if isinstance(claim, list) else [claim]
    has_role = any(value == "Officers" or (type(value) in (int, str) and str(value) == "7") for value in values)
    assert (reader_for({"groups": claim}, access) is not None) == has_role


def test_a_role_claim_may_be_a_text_a_number_or_a_list():
    access = Access(claim="groups", values={"7": Viewer("analyst"), "True": Viewer("officer")})
    for good in ("7", 7, [7], ["x", "7"], (7,)):
        assert reader_for({"groups": good}, access) == Viewer("analyst"), good
    for bad in (True, [True], 7.0, [[7]], {"7": 1}, "7 ", None):
        assert reader_for({"groups": bad}, access) is None, bad


@pytest.mark.parametrize(
    "imitation", ["officer@example.gov".replace("o", "ο"), "\u212aim@example.gov", "KİM@example.gov"]
)
def test_letters_that_look_alike_are_not_the_same_account(written, imitation):
    access = written(
        '[[account]]\naccount = "officer@example.gov"\nrole = "officer"\n[[account]]\naccount = "kim@example.gov"\nrole = "officer"\n'
    )
    assert reader_for({"email": "KIM@example.gov", **VERIFIED}, access) is not None
    assert reader_for({"email": imitation, **VERIFIED}, access) is None


@given(ANYTHING)
@settings(max_examples=200)
def test_an_account_is_a_text(value):
    claims = {"sub": value}
    access = Access(account_claim="sub", accounts={"7": Viewer("officer"), "true": Viewer("officer")})
    assert (reader_for(claims, access) is not None) == (
        isinstance(value, str) and value.strip().lower() in ("7", "true")
    )


def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path, capsys, monkeypatch):
    (tmp_path / "access.toml").mkdir()
    with pytest.raises(AccessError) as refused:
        read_access(tmp_path / "access.toml")
    assert refused.value.is_unreadable
    assert str(tmp_path) not in str(refused.value)
    monkeypatch.setenv("DASHBOARD_ACCESS", str(tmp_path / "access.toml"))
    assert main(["measure", "pace", "--as", "officer"]) == 1
    assert "It cannot be read: " in capsys.readouterr().err


def test_the_threshold_goes_with_every_reader(written):
    access = written('fewest = 5\naccount_claim = "sub"\n[[account]]\naccount = "a"\nrole = "governor"\n')
    assert reader_for({"sub": "A"}, access) == Viewer("governor", min_count=5)
    assert reader_for({"email": "a"}, access) is None


def test_without_a_file_nobody_has_a_role(tmp_path):
    assert reader_for({"email": "officer@example.gov"}, read_access(tmp_path / "none.toml")) is None


ACCOUNT = '[[account]]\naccount = "a@b.gov"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("fewest = ", "It cannot be read"),
        ("fewest = 1", "fewest must be a whole number from 3 to 100"),
        ("fewest = true", "fewest must be a whole number"),
        ('provider_vouches_for_email = "false"', "must be true or false, without quotation marks"),
        ("provider_vouches_for_email = 1", "must be true or false"),
        ("fewest = 10", "names no account and no claim"),
        ("few = 5", "“few” is unknown"),
        ('account_claim = ""\n', "account_claim must be the name of a claim"),
        ('account = "a"', "account must be a list of sections"),
        ('[[account]]\nrole = "officer"', "The first [[account]] has no account"),
        (ACCOUNT, "“a@b.gov” has no role"),
        (ACCOUNT + 'role = "king"', "There is no role “king”"),
        (ACCOUNT + 'role = "director"', "The role director needs a region"),
        (ACCOUNT + 'role = "officer"\nregion = "Eastern"', "The role officer has no region"),
        (ACCOUNT + 'role = "officer"\nclearance = "secret"', "A clearance is one of: exact, protected"),
        (ACCOUNT + 'role = "officer"\nregion = 3', "The region of “a@b.gov” must be text"),
        (ACCOUNT + 'role = "officer"\nadmin = true', "“admin” is unknown"),
        (ACCOUNT + 'role = "officer"\n[[account]]\naccount = "A@B.gov"\nrole = "officer"', "is listed twice"),
        ('claims = "roles"', "claims must be a section"),
        ('[claims.values]\nx = { role = "officer" }', "has no name of a claim"),
        ('[claims]\nname = "roles"', "maps no value to a role"),
        ('[claims]\nname = "roles"\n[claims.values]\nx = "officer"', "“x” has no role"),
    ],
)
def test_a_mistake_gets_a_sentence(written, text, sentence):
    with pytest.raises(AccessError) as refused:
        written(text)
    assert any(sentence in fault for fault in refused.value.faults), refused.value.faults
    assert all(fault.endswith(".") for fault in refused.value.faults)


def test_every_mistake_is_reported_at_once(written):
    with pytest.raises(AccessError) as refused:
        written("fewest = 0\n" + ACCOUNT + 'role = "king"')
    assert len(refused.value.faults) == 2


# The command line with a role's eyes


@pytest.fixture
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_ACCESS", str(tmp_path / "access.toml"))
    return tmp_path / "access.toml"


def answer_of(capsys, *arguments: str) -> dict:
    assert main(["measure", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_line_shows_what_a_role_sees(capsys, over_the_demo):
    question = ("completions", "--by", "town", "--region", "Northwest", "--initiative", "CareerConneCT")
    full = answer_of(capsys, *question)
    seen = answer_of(capsys, *question, "--as", "director:Northwest")
    cleared = answer_of(capsys, *question, "--as", "director:Northwest", "--clearance", "exact")
    limited = answer_of(capsys, *question, "--as", "director:Northwest", "--clearance", "protected")
    assert seen["rows"] == cleared["rows"] == full["rows"], "the own region is exact"
    assert any(row["note"] == HIDDEN for row in limited["rows"])
    assert "without the initiative" in limited["note"], "a town in a region is all that a protected reader can ask"
    refused = answer_of(capsys, *question, "--group", "veteran", "--as", "governor")
    assert refused["status"] == "not_allowed"
    assert not refused["rows"]
    over_the_demo.write_text('fewest = 30\n[[account]]\naccount = "a"\nrole = "officer"\n', encoding="utf-8")
    assert any(row["note"] == HIDDEN for row in answer_of(capsys, *question, "--as", "governor")["rows"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("--as", "king"),
        ("--as", "director"),
        ("--as", "director:Nowhere"),
        ("--as", "officer:Eastern"),
        ("--clearance", "exact"),
    ],
)
def test_wrong_roles_get_a_sentence_and_two(capsys, over_the_demo, arguments):
    assert main(["measure", "pace", *arguments]) == 2
    text = capsys.readouterr()
    assert not text.out
    assert text.err.strip().endswith(".")


def test_a_file_that_cannot_be_used_stops_the_command(capsys, over_the_demo):
    over_the_demo.write_text("fewest = 1", encoding="utf-8")
    assert main(["measure", "pace", "--as", "officer"]) == 2
    assert "fewest must be a whole number" in capsys.readouterr().err


def test_the_table_is_printed_for_the_docs(capsys):
    assert main(["who"]) == 0
    assert capsys.readouterr().out.strip() in (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_accounts_of_the_example_subscriptions_have_a_role_in_the_example():
    access = read_access(ROOT / "access.example.toml")
    for subscription in read_subscriptions(ROOT / "subscriptions.example.toml").subscription:
        assert reader_of_account(subscription.account, access) is not None, subscription.account
