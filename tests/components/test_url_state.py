from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import release_limits, url_state
from components.choices import Choices
from components.url_state import UrlState, build, changed, parse, url
from queries.dimensions import FILTERS
from queries.scope import Scope
from tests.characters import CHARACTERS

CHOICES = Choices(
    options={
        "initiative": {"CareerConneCT": "CareerConneCT", "SkillUp CT": "SkillUp CT"},
        "region": {"North Central": "North Central", "Eastern": "Eastern"},
        "sector": {"Healthcare": "Healthcare"},
        "group": {"woman": "Women", "veteran": "Veterans"},
    },
    latest=date(2026, 11, 13),
)
HOSTILE = [
    "<script>alert(1)</script>", "'; drop table enrollments; --", "x" * 10_000, "\x00\x07", "../../etc/passwd",
    "🦄" * 300,
    "%00", "[a](javascript:alert(1))", "Eastern ", "\u202eEastern", "{{7*7}}", "NaN", "None", "0", "-1", "2026-13-45",
]  # fmt: skip


def read(**params):
    return parse({name: v if isinstance(v, list) else [v] for name, v in params.items()}, CHOICES)


def test_a_good_address_is_parsed_in_full():
    state = parse(
        {"initiative": ["SkillUp CT"], "region": ["north central"], "group": ["Women"], "from": ["2025-07-01"],
         "to": ["2026-06-30"], "as_of": ["2026-01-31"], "measure": ["completion_rate"], "delivery": ["2024-06-28"]},
        CHOICES, extras={"measure": ["completion_rate"]}, deliveries=["2024-06-28"],
    )  # fmt: skip
    assert state.dropped == ()
    assert state.extras == {"measure": "completion_rate"}
    assert state.scope_fields(("initiative", "region", "group", "period", "as_of")) == {
        "initiative": "SkillUp CT", "region": "North Central", "group": "woman", "since": date(2025, 7, 1),
        "until": date(2026, 6, 30), "as_of": date(2026, 1, 31), "delivery": "2024-06-28",
    }  # fmt: skip


def test_filters_that_do_not_apply_stay_out_of_the_scope_and_in_the_address():
    state = read(group="woman", region="Eastern")
    assert state.scope_fields(("region",)) == {"region": "Eastern"}
    assert build(state.values) == {"region": "Eastern", "group": "woman"}


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", url_state.NAMES)
def test_hostile_values_are_dropped_and_never_raise(name, value):
    state = parse({name: [value]}, CHOICES)
    if value.strip() == "Eastern" and name in ("region", url_state.COMPARE):
        assert state.values == {name: "Eastern"}
        return
    assert state.values == {}
    assert [part.name for part in state.dropped] == [name]
    assert len(state.dropped[0].value) <= 40
    assert state.dropped[0].value.isprintable()


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_read_by_id_or_label_and_written_by_id(name):
    choices = Choices(options={name: {"id-1": "First label", "id-2": "Second"}})
    for text in ("id-1", "ID-1", " first LABEL "):
        state = parse({name: [text]}, choices)
        assert state.values == {name: "id-1"}
        assert Scope().but(**state.scope_fields((name,))).filters == {name: "id-1"}
        assert build(state.values) == {name: "id-1"}
    (dropped,) = parse({name: ["id-3"]}, choices).dropped
    assert dropped.why.endswith(f" {FILTERS[name].words} in this delivery")


def test_what_else_is_dropped():
    assert read(**{"from": "2026-02-01", "to": "2026-01-01"}).dropped[0].why == "ends before it starts"
    assert read(as_of="2026-11-14").dropped[0].why == "is after the delivery of November 13, 2026"
    assert "more than once" in read(region=["Eastern", "North Central"]).dropped[0].why
    assert "not a filter" in read(zzz="1").dropped[0].why
    assert read(utm_source="mail", region="").dropped == ()
    assert read(region=["Eastern", "Eastern"]).values == {"region": "Eastern"}
    assert len(parse({f"p{i}": ["x"] for i in range(500)}, CHOICES).dropped) == url_state.MAX_PARAMETERS + 1


def test_a_delivery_that_was_rolled_back_is_not_called_unknown_to_the_store():
    (dropped,) = parse({"delivery": ["2026-11-20"]}, CHOICES, deliveries=["2026-11-13"]).dropped
    assert "store" not in dropped.why and "was rolled back" in dropped.why


@given(
    st.dictionaries(
        st.text(CHARACTERS, max_size=30), st.lists(st.text(CHARACTERS, max_size=300), max_size=3), max_size=60
    )
)
def test_no_address_raises(params):
    state = parse(params, CHOICES, extras={"measure": ["a"]}, deliveries=["2026-11-13"])
    assert (
        parse({k: [v] for k, v in build(state.values).items()}, CHOICES, deliveries=["2026-11-13"]).values
        == state.values
    )


def test_changing_and_writing():
    values = changed(
        {"region": "Eastern", "from": date(2025, 7, 1)}, {"region": None, "since": None, "sector": "Healthcare"}
    )
    assert build(values) == {"sector": "Healthcare"}
    assert url("/regions", {"region": "North Central"}) == "/regions?region=North+Central"
    assert url("/", {}) == "/"
    assert url_state.shortened("a\nb\t" + "c" * 100, 10) == "a b cccccc…"[:9] + "…"


@pytest.mark.parametrize("written", ["workforce", "/workforce", "/workforce/", "//workforce//"])
def test_links_follow_the_prefix(monkeypatch, written):
    monkeypatch.setenv("DASHBOARD_PREFIX", written)
    assert url_state.url("/regions", {"region": "Eastern"}) == "/workforce/regions?region=Eastern"
    assert url_state.url("/") == "/workforce/"
    assert url_state.inner_path("/workforce/regions") == "/regions"
    assert url_state.inner_path("/workforce") == "/"
    assert url_state.inner_path("/workforcex") is None
    assert url_state.inner_path("/regions") is None


@pytest.mark.parametrize("written", ["", "/", "//"])
def test_without_a_prefix_links_are_as_they_are(monkeypatch, written):
    monkeypatch.setenv("DASHBOARD_PREFIX", written)
    assert url_state.prefix() == ""
    assert url_state.url("/regions") == "/regions" == url_state.inner_path("/regions")


@pytest.mark.parametrize(
    "written", ["/a b", "/../x", "/a/./b", "/a?b", "/a#b", "https://x.example/a", "/<script>", "/a//b", "/ü"]
)
def test_a_prefix_that_is_no_path_is_refused(monkeypatch, written):
    monkeypatch.setenv("DASHBOARD_PREFIX", written)
    with pytest.raises(ValueError, match="is not a path"):
        url_state.prefix()


def test_what_a_role_cannot_combine_has_the_label_of_its_filter(monkeypatch):
    choices = Choices(options={"group": {"opportunity_youth": "Opportunity youth"}})
    monkeypatch.setattr(release_limits, "nearest_scope", lambda *_, **__: SimpleNamespace(scope=Scope()))
    state = UrlState({"group": "opportunity_youth"})
    limited = release_limits.within_family(
        state, Scope(), applying=("group",), choices=choices, current="2026-11-13", delivered_on=date(2026, 11, 13)
    )
    assert [part.value for part in limited.dropped] == ["Opportunity youth"]
