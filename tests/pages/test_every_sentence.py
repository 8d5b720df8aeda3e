"""Every sentence of every page, under random filters, dates and roles, against the answers behind it.

SCOPES sets how many views are read in all; a random view is a page with random filters. `sentence_checks.py` says what is checked.
"""

from __future__ import annotations

import os
import random
import re
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from components.page_list import PAGES
from queries import listing
from tests import edge_cases
from tests.conftest import publish, publish_hostile
from tests.pages.page_text import PageText, Sentence, read_page
from tests.pages.sentence_checks import faults

SCOPES = int(os.environ.get("SCOPES", "520"))
NO_SCOPE = ("activity", "definitions")  # nothing on these pages follows the filters: only their words are checked
SCRIPTS = {entry.id: entry.script for entry in PAGES}
STORES = {"demo": 0.6, "awkward": 0.2, "like_job_corps": 0.2}  # share of the views
VIEWERS = ("governor", "analyst", "director:Eastern", "director:Northwest")
PERIODS = (
    {"from": "2024-07-01", "to": "2025-06-30"},
    {"from": "2026-07-01", "to": "2026-12-31"},
    {"from": "2026-11-01", "to": "2026-11-13"},
    {"from": "2023-01-01"},
    {"to": "2024-06-30"},
)
DATES = ("2022-09-15", "2022-12-01", "2023-06-15", "2024-02-29", "2025-02-10")
PLAN = {"what": ("share", "completion", "credential", "placement"), "by": ("region", "sector")}


@pytest.fixture(scope="module")
def stores(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the stores: the demo, random edge cases, and a delivery without places, providers, supports and money."""
    folder = tmp_path_factory.mktemp("sentences")
    awkward, _ = publish_hostile(tmp_path_factory, "some undisclosed")
    delivery, layout = edge_cases.write_like_job_corps(folder / "like-job-corps", seed=22)
    publish(delivery, folder / "like-store", "--layout", str(layout), "--max-quarantined", "100")
    return {"demo": demo_store, "awkward": awkward, "like_job_corps": folder / "like-store"}


def random_address(page_id: str, rng: random.Random) -> dict[str, str]:
    """Return random filters, as the address of a page holds them."""
    address: dict[str, str] = {}
    for name, column, chance in (
        ("initiative", "initiative", 0.3),
        ("region", "region", 0.45),
        ("sector", "sector", 0.4),
        ("group", "group_id", 0.9 if page_id == "gap_plan" else 0.45),
        ("provider", "provider", 0.1),
    ):
        values = [str(row[column]) for row in listing(f"{name}s")]
        if values and rng.random() < chance:
            address[name] = rng.choice(values)
    if rng.random() < 0.3:
        address["as_of"] = rng.choice(DATES)
    if rng.random() < 0.3:
        address |= rng.choice(PERIODS)
    if rng.random() < 0.4:
        address["as"] = rng.choice(VIEWERS)
    if page_id == "gap_plan":
        address |= {name: rng.choice(values) for name, values in PLAN.items()}
    return address


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("page_id", SCRIPTS)
def test_every_sentence_is_so(page_id, store, stores, use_store):
    use_store(stores[store])
    rng = random.Random(zlib.crc32(f"{page_id} {store}".encode()))
    views = 1 if page_id in NO_SCOPE else max(2, round(SCOPES * STORES[store] / (len(SCRIPTS) - len(NO_SCOPE))))
    wrong: list[str] = []
    for number in range(views):
        address = random_address(page_id, rng) if number else {}
        page = read_page(SCRIPTS[page_id], address)
        wrong += [f"{address}\n    {fault}" for fault in faults(page, is_strict=page_id not in NO_SCOPE)]
    assert not wrong, "\n".join(wrong[:20])


# What makes a true sentence false: the page, its address, a pattern in a sentence, what stands in its place.
FALSE = {
    "a filter is dropped": (
        "overview",
        {"region": "Eastern"},
        r"^(As of .* residents have enrolled in no-cost job training) in Eastern",
        r"\1",
    ),
    "a group is dropped": ("sectors", {"group": "woman"}, r"dated credentials of women", "dated credentials"),
    "a period is dropped": ("regions", {"from": "2024-07-01", "to": "2025-06-30"}, r" from July 1.*?:", ":"),
    "a period reads as over": (
        "regions",
        {"from": "2026-07-01", "to": "2026-12-31"},
        r"to November 13",
        "to December 31",
    ),
    "a number of another day": ("overview", {}, r"12,\d{3} residents", "12,345 residents"),
    "a base of another measure": ("overview", {}, r"(came after finishing the training \(\S+ of) [\d,]+", r"\1 12,000"),
    "a count of other things": ("online_courses", {}, r"(\d) learners \(", r"\1 registrations ("),
    "another rate of the state": ("regions", {"region": "Eastern"}, r"compared with \S+% in", "compared with 78% in"),
    "another rate per resident": ("regions", {}, r"Eastern 37\.\d", "Eastern 99.9"),
    "a count of another region": (
        "regions",
        {"group": "woman"},
        r"Eastern 685",
        "Eastern 684",
    ),
    "the largest is another": (
        "overview",
        {},
        r"Eastern and North Central have the highest",
        "Eastern and Southwest have the highest",
    ),
    "a count of places is ranked": (
        "regions",
        {"group": "woman"},
        r": Eastern [\d,]+.*",
        ": most in North Central (1,675), fewest in Eastern (685).",
    ),
    "nobody is quoted": ("overview", {}, r"[\d,]+ of them enrolled for", "0 of them enrolled for"),
    "the plural is wrong": ("job_openings", {}, r"offered [\d,]+ positions", "offered 1 positions"),
    "a cause is claimed": ("support_services", {}, r"those with child care complete", "child care leads to completing"),
    "a group that is short is left out": ("gap_plan", {}, r",? and [\w ]+\. Choose a", ". Choose a"),
    "a period that is not over has no so far": (
        "regions",
        {"from": "2026-07-01", "to": "2026-12-31"},
        r" so far",
        "",
    ),
    "another group is furthest below": ("equity", {}, r"^Immigrants and women (are enrolled below)", r"Women \1"),
    "another year": ("overview", {}, r"than the \d+ in", "than the 598 in"),
    "a count of groups": ("equity", {}, r"two groups are", "three groups are"),
    "a verdict of the lead": ("one_group", {}, r"is unlikely to be chance", "could be chance"),
    "a verdict of a title": ("one_group", {}, r"unlikely to be chance$", "which could be chance"),
    "another part of the gap": ("one_group", {}, r"results within the same.*provider", "being in other sectors"),
    "a count of groups compared": ("equity", {}, r"of the seven groups, none", "of the six groups, none"),
    "a count of pairs compared": ("equity", {}, r"of the (\d+) pairs", "of the 20 pairs"),
    "another group is below": (
        "equity",
        {},
        r"Immigrants and women are enrolled at",
        "Veterans and women are enrolled at",
    ),
    "another number is needed": ("equity", {}, r"[\d,]+ more women", "198 more women"),
    "positions that do not add up": ("job_openings", {}, r"[\d,]+ closed without", "3,400 closed without"),
    "another group is behind": ("equity", {}, r"People with disabilities get a job", "Women get a job"),
    "more comparisons": ("equity", {}, r"^\d+ comparisons", "28 comparisons"),
    "a provider is called outside": ("providers", {}, r", none has a", ", three have a"),
    "a number of providers compared": ("providers", {}, r"Of the \d+ providers", "Of the 22 providers"),
    "rows that were not read": ("data_quality", {}, r"[\d,]+ rows read", "43,900 rows read"),
    "what is not known yet": ("one_group", {}, r": \d+ exits of", ": 20 exits of"),
    "a long sentence": ("equity", {}, r"\. ", ", and "),
    "an old phrase": ("equity", {}, r"Hollow: could be chance", "Hollow: chance could make this"),
    "an exit is a resident": ("overview", {}, r"of exits from", "of residents who finished or left"),
}


@pytest.mark.parametrize(
    ("page_id", "address", "pattern", "false"), FALSE.values(), ids=[name.replace(" ", "-") for name in FALSE]
)
def test_a_false_sentence_is_a_fault(page_id, address, pattern, false, demo_store, use_store):
    use_store(demo_store)
    page = read_page(SCRIPTS[page_id], address)
    assert not list(faults(page))
    changed = [Sentence(s.kind, re.sub(pattern, false, s.text)) for s in page.sentences]
    false_page: PageText = replace(page, sentences=tuple(s for s in changed if s not in page.sentences))
    assert false_page.sentences, "nothing was made false"
    assert list(faults(false_page))


TO_COME = {"from": "2026-12-01", "to": "2027-06-30"}
MANY = {"initiative": "CareerConneCT", "region": "North Central", "sector": "Information technology"}


@pytest.mark.parametrize(
    ("page_id", "address"),
    [
        ("support_services", {"region": "South Central", "sector": "Healthcare", "group": "bipoc", **TO_COME}),
        ("overview", {**MANY, "provider": "Iron Lantern Trades School (demo)", **TO_COME}),
        ("providers", MANY),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_sentence_is_long_under_many_filters_and_a_period_to_come(page_id, address, demo_store, use_store):
    use_store(demo_store)
    assert not [fault for fault in faults(read_page(SCRIPTS[page_id], address)) if "words in a sentence" in fault]


@pytest.mark.parametrize(
    ("page_id", "piece"),
    [
        ("definitions", "Room is its best quarter"),  # a cell
        (
            "support_services",
            "Of residents enrolled, the share who received a support",
        ),  # what opens: About this number
        ("money", "Obligated is not the same as spent"),  # the words under a heading
        ("data_quality", "Dated after the earlier delivery"),  # a cell that explains a number
    ],
)
def test_each_text_is_read_whatever_it_stands_in(page_id, piece, demo_store, use_store):
    use_store(demo_store)
    page = read_page(SCRIPTS[page_id], {})
    [text] = [block for block in page.blocks if piece in block][:1]
    longer = replace(page, blocks=(f"{text.rstrip('.')} and {'so on ' * 12}.",))
    assert not list(faults(page, is_strict=False))
    assert any("words in a sentence" in fault for fault in faults(longer, is_strict=False))
