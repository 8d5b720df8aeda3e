"""A small delivery that does not say one group or any job: what is not supplied is called so, and nothing is said of one person alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from briefs.blocks import Figures
from briefs.friday import friday
from components import banners
from components.text import ranking
from components.text.narratives import providers
from queries import Scope
from queries.calculators.provider_limits import FunnelRow, FunnelVerdict
from queries.models import Row
from tests import edge_cases
from tests.app_driver import figures, html, text
from tests.components.rows import answer
from tests.conftest import publish_tables
from tests.pages.page_text import read_page
from tests.pages.test_pages import run

PEOPLE = 60


@pytest.fixture(scope="module")
def small_store(tmp_path_factory):
    tables = edge_cases.frames(seed=7, rows=PEOPLE, undisclosed=0.1)
    tables["enrollments"] = tables["enrollments"].drop(columns=["reentry"])
    exits = tables["completions"].drop(columns=["employed_on"])
    exits["outcome"] = ["completed", *["excluded"] * (len(exits) - 1)]
    tables["completions"] = exits
    ledger = tables["funding"]
    ledger.loc[ledger["kind"].eq("obligated"), "amount"] *= 4
    ledger.loc[ledger["kind"].eq("expended"), "amount"] = 500_000.0
    return publish_tables(tables, tmp_path_factory.mktemp("small"))


@pytest.fixture(autouse=True)
def over_it(small_store, use_store):
    use_store(small_store)


def heat_rows(page, caption: str) -> tuple[list[str], dict[str, list[str]]]:
    """Return the headings of a heat table, and the cells of each row by its name."""
    table = next(part for part in html(page).split("<table")[1:] if caption in part).split("</table>")[0]
    lines = [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)
        ]
        for line in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
    ]
    return lines[0], {line[0]: line[1:] for line in lines[1:]}


def test_a_group_that_is_not_supplied_is_no_region():
    """The table of groups by region had a column “reentry”, in which every group was "not known"."""
    headings, rows = heat_rows(run("pages/equity.py"), "Groups by region")
    assert "reentry" not in headings and {"Northwest", "Southwest"} < set(headings)
    assert set(rows["Re-entry population"]) == {"not supplied"}


def test_what_is_not_supplied_is_not_called_unknown_or_too_early():
    page = run("pages/equity.py")
    headings, rows = heat_rows(page, "Groups by step")
    assert set(rows["Re-entry population"]) == {"not supplied"}
    assert rows["Women"][headings.index("Got a job") - 1] == "not supplied"
    assert rows["Women"][headings.index("Completed") - 1] != "not supplied"
    (overview,) = (row for row in read_page("pages/equity.py", {}).tables["overview"] if "Re-entry" in row["Group"])
    cells = {overview[name] for name in ("Residents", "Enrolled of those who apply", "Completes", "Share over a year")}
    assert cells == {"not supplied"}


def test_data_quality_lists_every_column_that_is_not_supplied():
    page_text = text(run("pages/data_quality.py"))
    assert "Not supplied by this delivery: completions: employed on; enrollments: reentry." in page_text


def test_a_rate_of_nothing_has_a_reason():
    rows = read_page("pages/data_quality.py", {"as_of": "2023-06-20"}).tables["unknowns"]
    assert {row["Share"] for row in rows if row["Of"] == "0"} == {"nothing recorded yet"}
    assert "0 of 0" not in text(run("pages/regions.py", sector="Life sciences", group="veteran"))


def test_a_single_exit_is_not_quoted():
    """It said “1 of 1 exits … were completions”."""
    sentences = read_page("dashboard.py", {}).of("quote")
    assert sentences and not any(re.search(r"\b1 of 1\b", sentence) for sentence in sentences)


def test_a_sentence_gives_no_rate_of_a_single_exit(demo_store, use_store):
    """It said “1 of 1 exit were completions”."""
    use_store(demo_store)
    day = {"from": "2026-11-13", "to": "2026-11-13", "region": "North Central", "sector": "Life sciences"}
    for script in ("pages/sectors.py", "pages/regions.py", "pages/my_region.py"):
        page = text(run(script, **day))
        assert "1 exit were" not in page and "1 exit came" not in page and "1 of 1 exits" not in page
    rate = answer(
        FunnelRow(key="A", value=1.0, numerator=1, denominator=1, verdict=FunnelVerdict.TOO_FEW), unit="share"
    )
    lead = providers.lead(replace(rate, scope=Scope(provider="A")), "completion_rate", "residents")
    assert lead.startswith(
        "One exit at A as of November 13, 2026 is too few to say whether the rate is higher or lower than expected."
    )


def test_where_all_are_new_a_sentence_says_so():
    (enrolled, *_) = read_page("dashboard.py", {"as_of": "2023-07-20"}).of("quote")
    assert re.search(
        r"residents have enrolled in .*\. All of them enrolled for the first time in the last 90 days\.", enrolled
    )


def test_a_chart_without_marks_is_not_drawn():
    page = run("pages/equity.py")
    assert "Too few residents are in two groups at once to compare" in text(page)
    assert "two-groups" not in figures(page)


def test_without_a_filter_no_reader_reads_that_it_should_be_cleared():
    governor = {"as": "governor"}
    assert "Clear " not in text(run("pages/regions.py", **governor)).replace("Clear filters", "")
    assert "Clear a filter, or choose another." in text(run("pages/regions.py", sector="Healthcare", **governor))


def test_more_spent_than_allocated_is_no_share_of_it():
    """It said “300% are obligated, 247% are spent” of the dollars allocated."""
    for page_text in (text(run("dashboard.py")), text(run("pages/money.py"))):
        assert not re.search(r"\b[1-9]\d{2,}% (?:of|are)\b", page_text)
    assert re.search(r"more than the \$[\d.]+ million allocated", text(run("dashboard.py")))


def test_an_old_delivery_says_that_days_are_counted_from_it(monkeypatch):
    """Of a delivery two years old, it said that money must be spent “in 776 days”."""
    words = "The newest delivery is from March 31, 2025, more than three months ago."
    assert words in text(run("pages/money.py"))
    monkeypatch.setattr(banners, "OUTDATED", timedelta(days=1_000_000))
    assert words not in text(run("pages/money.py"))


def test_a_long_name_is_cut_in_a_title():
    rows = (Row(key="A consortium " * 15, value=9), Row(key="Acme", value=2))
    title = ranking.most(replace(answer(*rows), by="provider"), "provider", of="residents enrolled")
    assert len(title) < 120 and title.endswith("…, with 9")


def test_reasons_in_the_friday_brief_start_with_a_capital():
    """Next to “Not supplied” it wrote “not supplied”."""
    (row,) = (block for block in friday(Scope()).blocks if isinstance(block, Figures))
    reasons = {item.number.text for item in row.items if item.number.value is None}
    assert reasons == {"Not supplied"}


@pytest.mark.parametrize(
    ("script", "table", "address"),
    [
        (
            "pages/job_openings.py",
            "by-source",
            {"region": "South Central", "as_of": "2022-10-07", "from": "2025-11-14"},
        ),
        ("pages/online_courses.py", "platforms", {"as_of": "2024-06-28", "from": "2025-07-01", "to": "2025-07-01"}),
    ],
)
def test_a_table_without_rows_is_not_drawn(script, table, address, demo_store, use_store):
    use_store(demo_store)
    assert f"table-{table}" in html(run(script))
    page = html(run(script, **address))
    assert f"table-{table}" not in page and "<thead><tr></tr></thead>" not in page
