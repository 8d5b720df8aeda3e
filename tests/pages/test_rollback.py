"""After a rollback, pages and documents say that an earlier delivery is shown, until a newer one replaces it."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from briefs import catalog
from briefs.answers import withdrawn_words
from components.text.withdrawn import words
from data import store, store_files
from data.store import DeliveryList
from queries import Scope
from queries.access.rights import viewer
from queries.database import delivery, open_store
from tests.app_driver import text
from tests.pages.test_pages import run

EARLIER, NEWER = "2024-06-28", "2026-11-13"
SENTENCE = (
    "An earlier export is shown: the delivery of November 13, 2026 was taken back, so the numbers are those of June 28, 2024 again. "
    "They can differ from those you saw before."
)


@pytest.fixture
def where(demo_store, tmp_path, use_store):
    folder = tmp_path / "store"
    shutil.copytree(demo_store, folder)
    use_store(folder)
    return folder


def roll_back(where):
    store_files.write_list(where, DeliveryList(("2022-10-07", EARLIER), (NEWER,)))


@pytest.mark.parametrize("script", ["dashboard.py", "pages/money.py", "pages/data_quality.py"])
def test_pages_say_that_an_earlier_export_is_shown(where, script):
    who = {"as": "analyst" if "data" in script else "governor"}
    assert "earlier export" not in text(run(script, **who))
    roll_back(where)
    page = text(run(script, **who))
    assert SENTENCE in page, "also where the page was in the cache"
    assert ("taken back" in page.replace(SENTENCE, "")) == ("data" in script), "it is in the table of deliveries"
    store_files.write_list(where, DeliveryList(("2022-10-07", EARLIER, NEWER)))
    assert "earlier export" not in text(run(script, **who))


def test_documents_say_it_too(where):
    roll_back(where)
    made = catalog.make("friday", Scope(viewer=viewer("governor")))
    assert made.document.more.startswith(SENTENCE)
    shown = delivery(open_store("2022-10-07"))
    assert withdrawn_words(shown) == "", "a reader who chose an earlier delivery knows"


def test_a_delivery_counts_as_taken_back_until_a_newer_version_is_on_screen():
    taken = DeliveryList(("2026-11-13",), ("2026-11-20", "2026-11-20.2"))
    assert taken.withdrawn == "2026-11-20.2"
    assert DeliveryList(("2026-11-13", "2026-11-20.3"), taken.rolled_back).withdrawn is None
    assert DeliveryList(("2026-11-27",), taken.rolled_back).withdrawn is None
    assert DeliveryList(("2026-11-20",), ("2026-11-20.10",)).withdrawn == "2026-11-20.10"
    assert DeliveryList(("2026-11-20.9",), ("2026-11-20.2",)).withdrawn is None
    assert DeliveryList(("2026-11-20",)).withdrawn is None


def test_a_demo_that_was_taken_back_does_not_concern_real_data(tmp_path):
    for name, is_synthetic in (("2026-11-20", True), ("2026-11-13", False)):
        folder = store.delivery_folder(tmp_path, name)
        folder.mkdir(parents=True)
        store_files.replace_json(folder / store.REPORT, {"is_synthetic": is_synthetic})
    store_files.write_list(tmp_path, DeliveryList(("2026-11-13",), ("2026-11-20",)))
    assert store.withdrawn(tmp_path) is None


def test_a_version_of_the_same_day_reads_as_a_version():
    assert words("2026-11-13.2", date(2026, 11, 13)) == (
        "An earlier export is shown: a newer version of the November 13, 2026 delivery was taken back, "
        "so the numbers are those of the version before it. They can differ from those you saw before."
    )
