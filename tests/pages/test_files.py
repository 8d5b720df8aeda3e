"""Every file of every page, under random addresses: it names everything its numbers depend on, and nothing else."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest

from components import cached_queries, tables
from components.file_facts import COLUMNS, FILTERS
from components.memoize import RENDERED
from components.page_list import PAGES
from components.release_limits import within_family
from components.roles import demo_readers
from components.url_state import DATES, NAMES, UrlState, iso_day
from data import audit_log
from queries import Scope
from queries.access.rights import may_open, name_of
from tests.app_driver import files, say, views
from tests.pages.test_pages import run

SCRIPTS = {page.id: page.script for page in PAGES}
DELIVERED = "2026-11-13"


def in_address(filters: Sequence[str]) -> set[str]:
    """Return a page's filters as they are in the address."""
    return {name for chosen in filters for name in (("from", "to") if chosen == "period" else (chosen,))} & set(FILTERS)


# A table that lifts one of its page's filters, because it shows all of its values side by side or is computed from more
# than the page's choice, is listed below: table by table, whatever the code says.
PAGE_FILTERS = {entry.id: in_address(entry.filters) for entry in PAGES}
PERIOD, PLACES = {"from", "to"}, {"initiative", "region", "sector", "provider"}
LIFTED = {
    ("overview", "year-over-year"): PERIOD,
    ("overview", "enrollment-trend"): PERIOD,
    ("overview", "paths"): {"initiative", "sector", "group", "provider", *PERIOD},
    ("regions", "map"): {"region"},
    ("regions", "regions-compared"): {"region"},
    ("my_region", "region-providers"): {"group"},
    ("sectors", "completion-by-sector"): {"sector"},
    ("sectors", "days-to-credential"): {"sector"},
    ("sectors", "wage-gain"): {"sector"},
    ("sectors", "sectors-compared"): {"sector"},
    **{("equity", name): {"group"} for name in ("overview", "representation", "outcome-ratio")},
    ("support_services", "reach-by-group"): {"group"},
    ("support_services", "reach-by-region"): {"region"},
    ("support_services", "reach"): {"group"},
    **{("job_openings", f"{what}-by-{by}"): PERIOD for what in ("open", "supply") for by in ("sector", "region")},
    ("online_courses", "learners-by-region"): {"region"},
    ("money", "deadlines"): set(FILTERS),
    ("money", "money-over-time"): PERIOD,
    ("money", "treasury-report"): PERIOD,
    ("money", "burn-down"): PERIOD,
    **{("data_quality", name): PLACES for name in ("checked", "reasons", "notices", "deliveries")},
}  # fmt: skip
CHOOSES = {  # where a page says what it takes for a filter that nobody chose
    ("overview", "enrollment-trend"): {"initiative"},
    ("money", "burn-down"): {"initiative"},
    **{("my_region", name): {"region"} for name in ("region-compared", "region-towns", "region-providers")},
    **{
        ("one_group", name): {"group"}
        for name in ("gap-by-step", "steps", "gap-parts", "gap-adjusted", "gap-cells", "participation_over_time", "outcome_over_time")
    },
}  # fmt: skip
VALUES = {
    "initiative": ("CareerConneCT", "SkillUp CT"),
    "region": ("Eastern", "Southwest"),
    "sector": ("Healthcare", "Manufacturing"),
    "group": ("woman", "veteran"),
    "provider": ("Riverbend Training Center (demo)", "Maple Ridge Health Academy (demo)"),
    "from": ("2024-01-01", "2023-07-01"),
    "to": ("2026-06-30", "2025-12-31"),
    "as_of": ("2026-09-30",),
}
CHOICES = {
    "equity": {"outcome": ("completion_rate", "placement_rate")},
    "one_group": {"outcome": ("completion_rate", "placement_rate")},
    "gap_plan": {"what": ("share", "placement"), "by": ("region", "sector"), "target": ("40", "60.5"), "due": ("2027-12-31",)},
}  # fmt: skip
READERS = ("officer", "governor", "director:Eastern")
File = tuple[str, dict[str, str], list[dict[str, str]]]


@pytest.fixture(autouse=True)
def over_the_demo(demo_store, use_store, monkeypatch, tmp_path):
    use_store(demo_store)
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))


@pytest.fixture
def saved(monkeypatch) -> dict[str, File]:
    """Make every file a page offers: the name of its table to the name, facts and rows of the file."""
    made: dict[str, File] = {}

    def make(table, *, name, how=None, facts=None):
        columns = tables.file_facts.facts_of(how, facts)
        rows = list(csv.DictReader(io.StringIO(table.to_csv(columns))))
        (saved_facts,) = csv.DictReader(io.StringIO(tables.Table.from_columns({"number": [1]}).to_csv(columns)))
        del saved_facts["number"]
        assert tuple(saved_facts) == COLUMNS
        assert all({name: row[name] for name in COLUMNS} == saved_facts for row in rows)
        made[name] = tables.file_facts.file_name(name, columns), saved_facts, rows

    monkeypatch.setattr(tables, "download", make)
    return made


def test_every_filter_is_tried():
    assert set(VALUES) == {*FILTERS, "as_of"}


def addresses(page_id: str, seed: int) -> list[dict[str, str]]:
    """Return an address without filters, one with every filter, and one with some at random, with the choices of the page."""
    pick = random.Random(f"{page_id} {seed}")
    drawn = [{name: pick.choice(values) for name, values in VALUES.items() if pick.random() < chance}
             for chance in (0, 1, 0.5)]  # fmt: skip
    return [
        {**address, **{name: pick.choice(values) for name, values in CHOICES.get(page_id, {}).items()}}
        for address in drawn
    ]


def reader_of(page_id: str, wanted: str) -> str:
    readers = demo_readers(("Eastern",))
    return wanted if may_open(readers[wanted], page_id) else "analyst"


def within_rights(page_id: str, who: str, address: dict[str, str]) -> dict[str, str]:
    """Return an address with the filters that this reader can ask about."""
    viewer, page = demo_readers(("Eastern",))[who], next(entry for entry in PAGES if entry.id == page_id)
    values = {name: iso_day(text) if name in DATES else text for name, text in address.items() if name in NAMES}
    if page.is_for_directors and viewer.region:
        values.setdefault("region", viewer.region)
    state = within_family(
        UrlState(values),
        Scope(viewer=viewer),
        applying=page.filters,
        choices=cached_queries.choices(DELIVERED),
        current=DELIVERED,
        delivered_on=date.fromisoformat(DELIVERED),
    )
    others = {name: text for name, text in address.items() if name not in NAMES}
    return {**others, **{name: str(value) for name, value in state.values.items()}}


def body(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if name not in COLUMNS} for row in rows]


@pytest.mark.parametrize("page_id", SCRIPTS)
@pytest.mark.parametrize("wanted", READERS)
def test_each_file_says_the_filters_its_page_has(page_id, wanted, saved):
    who = reader_of(page_id, wanted)
    compared = 0
    for link in (*addresses(page_id, READERS.index(wanted)), {"group": "woman"}):  # every reader has a file of that
        saved.clear()
        page = run(SCRIPTS[page_id], **{"as": who, **link})
        assert not page.exception
        address = within_rights(page_id, who, link)
        for name, (file, saved_facts, _) in saved.items():
            rests_on_more = LIFTED.get((page_id, name), set())
            for column in FILTERS:
                expected = address.get(column, "") if column in PAGE_FILTERS[page_id] - rests_on_more else ""
                if not expected and column in CHOOSES.get((page_id, name), set()):
                    continue
                assert saved_facts[column] == expected, (name, column, address)
                assert not saved_facts[column] or _slug(saved_facts[column]) in file, (name, file)
            check_the_rest(page_id, name, saved_facts, address, who=who)
            compared += 1
    assert compared


def check_the_rest(
    page_id: str, name: str, saved_facts: Mapping[str, str], address: Mapping[str, str], *, who: str
) -> None:
    """Check the date, the delivery and the reader."""
    if page_id == "activity":
        assert (saved_facts["delivery"], saved_facts["synthetic_data"]) == ("", "")
        assert saved_facts["as_of"] == datetime.now(UTC).date().isoformat()
    else:
        shown = (
            ""
            if page_id in ("activity", "definitions") or name in ("checked", "reasons", "notices", "deliveries")
            else address.get("as_of")
        )
        assert saved_facts["as_of"] == (shown or DELIVERED), name
        assert (saved_facts["delivery"], saved_facts["synthetic_data"]) == (DELIVERED, "yes")
    assert saved_facts["role"] == name_of(demo_readers(("Eastern",))[who]), "the role, and no account"


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9]+", "-", text.lower())[:32].strip("-")


@pytest.mark.parametrize("page_id", [page_id for page_id in SCRIPTS if page_id != "activity"])
def test_files_that_differ_say_in_what(page_id, saved):
    """Two files of the same table with the same facts have the same rows, whatever the address was."""
    met: dict[tuple[str, tuple[str, ...]], tuple[dict, dict]] = {}
    who = reader_of(page_id, "governor")
    several = [address for seed in range(3, 5) for address in addresses(page_id, seed)]
    single = [{name: values[0]} for name, values in VALUES.items()]
    single += [{name: value} for name, values in CHOICES.get(page_id, {}).items() for value in values]
    if (
        page_id == "my_region"
    ):  # every filter changes its files, and without a region there are none: the same address again
        several += [{"region": VALUES["region"][0]}]
    compared = 0
    for address in (
        several + single + [{"group": "woman", **address} for address in single if page_id in ("gap_plan", "one_group")]
    ):
        saved.clear()
        RENDERED.clear()  # a page from the cache makes no files
        assert not run(SCRIPTS[page_id], **{"as": who, **address}).exception
        for name, (_, saved_facts, rows) in saved.items():
            key = name, tuple(saved_facts.values())
            other, of_other = met.setdefault(key, (address, {"rows": body(rows)}))
            assert body(rows) == of_other["rows"], (name, address, other)
            compared += other is not address
    assert compared, "at least one file was met twice"


def test_numbers_keep_four_decimals_at_most(saved):
    for page_id in ("equity", "support_services", "money"):
        assert not run(SCRIPTS[page_id], **{"as": "officer"}).exception
    cells = [cell for *_, rows in saved.values() for row in rows for cell in row.values()]
    fractions = [cell for cell in cells if re.fullmatch(r"-?\d+\.\d+", cell)]
    assert len(fractions) > 100
    assert max(len(cell.split(".")[1]) for cell in fractions) == 4
    assert not [cell for cell in cells if "e-" in cell and re.fullmatch(r"[\d.e-]+", cell)]


def test_a_downloaded_file_has_the_facts_and_the_audit_log_has_no_filter():
    page = run("pages/regions.py", region="Eastern", **{"from": "2024-01-01", "to": "2024-06-30"})
    say(page, "save:by-town", True)
    (file,) = files(page)
    assert (
        file["name"]
        == "2026-11-13_regions_by-town_eastern_from-2024-01-01_to-2024-06-30_chief-workforce-officer_synthetic.csv"
    )
    (row, *_) = csv.DictReader(io.StringIO(file["text"]))
    assert (row["region"], row["from"], row["to"]) == ("Eastern", "2024-01-01", "2024-06-30")
    assert (row["sector"], row["initiative"], row["group"]) == ("", "", "")
    (written,) = [event for event in audit_log.read() if event["event"] == "downloaded"]
    assert written["what"] == "by-town.csv"
    assert "Eastern" not in str(written)
    assert len(views(page)) > 1


def test_a_file_names_an_earlier_delivery(saved):
    assert cached_queries.current() == DELIVERED
    run("dashboard.py", delivery="2024-06-28")
    file, row, _ = saved["year-over-year"]
    assert (row["delivery"], row["as_of"]) == ("2024-06-28", "2024-06-28")
    assert file.startswith("2024-06-28_overview_")
