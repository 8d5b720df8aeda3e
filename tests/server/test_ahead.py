"""What readers ask first is worked out ahead, to the same numbers, for whoever may see them, and leaves no trace of use."""

from __future__ import annotations

import io
import pickle
import random
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
import streamlit as st

from components import cached_queries
from components.page_list import PAGES
from data import audit_log
from queries import database as stores
from queries import measure
from queries.cache import Bounded
from queries.context import QueryContext
from queries.database import Store, delivery, open_store
from queries.calculators.registry import CALCULATORS
from server import prewarm, prewarm_worker
from tests.app_driver import text
from tests.conftest import publish
from tests.pages.test_pages import run

COMPARED = [page for page in PAGES if page.id != "data_health"]  # which asks of an earlier delivery too


@pytest.fixture(autouse=True)
def as_it_starts(monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(prewarm, "_ready_for", "")
    monkeypatch.setattr(prewarm, "_is_over", threading.Event())
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def found(demo_store, tmp_path_factory):
    """What a rehearsal of the demo hands over, the state and its initiatives, and the store it belongs to."""
    before = pytest.MonkeyPatch()
    before.setenv("DASHBOARD_STORE", str(demo_store))
    before.setenv("DASHBOARD_LOG", str(tmp_path_factory.mktemp("log")))
    before.setenv("DASHBOARD_SECRETS", "/nowhere/secrets.toml")
    store = open_store(str(cached_queries.current()))
    before.setattr(stores, "FOUND", Bounded(stores.MOST_CELLS, stores.cells))
    before.setattr(prewarm, "FILTERS", ("initiative",))
    before.setattr(prewarm.gc, "freeze", lambda: None)  # what is frozen in a test is never let go
    prewarm.rehearse()
    handed = store.found(), prewarm.is_ready(), audit_log.read()
    before.undo()
    return *handed, store


@pytest.fixture
def choices(demo_store, in_store):
    """The choices of the filters, as they are looked up at the server's start."""
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    return cached_queries.choices(str(cached_queries.current()))


@pytest.mark.parametrize("page", COMPARED, ids=lambda page: page.id)
@pytest.mark.parametrize(
    "who, address", [("officer", {}), ("governor", {}), ("governor", {"initiative": "CareerConneCT"})], ids=str
)
def test_a_page_that_was_rehearsed_needs_no_query(
    found, choices, demo_store, in_store, monkeypatch, who, address, page
):
    """Every page file that there is: one that is added tomorrow is rehearsed too."""
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    if not prewarm_worker.roles.may_open(prewarm_worker.roles.demo_readers()[who], page.id):
        who = "analyst"
    monkeypatch.setattr(stores, "FOUND", Bounded(stores.MOST_CELLS, stores.cells))
    found[3].take(found[3].file, found[0])
    monkeypatch.setattr(Store, "_run", lambda self, query, _: pytest.fail(f"asked DuckDB: {query[:300]}"))
    monkeypatch.setattr(cached_queries, "choices", lambda _: choices)
    opened = run(page.script, **{"as": who, **address})
    assert not opened.exception and "incident" not in text(opened)


def test_what_is_worked_out_ahead_is_what_is_worked_out_when_asked(found, monkeypatch):
    handed, is_ready, _, store = found
    assert is_ready
    answers = [key for key in handed if len(key) == 5]
    assert len(answers) > 400 and stores.cells([*handed.values()]) < stores.MOST_CELLS / 10, "there is room for it all"
    monkeypatch.setattr(stores, "FOUND", Bounded(1))
    for key in random.Random(6).sample(answers, 150):
        measure_id, by, scope, of, goal = key
        assert scope.viewer is None, "for no reader in particular"
        asked = QueryContext(measure(measure_id), by, scope, store, delivery(store), of, goal)
        assert tuple(CALCULATORS[asked.measure.type].function(asked)) == handed[key], key


def test_nobody_is_written_down_as_having_opened_a_page(found):
    assert found[2] == []


def test_another_delivery_is_worked_out_in_its_turn(demo_deliveries, tmp_path, in_store, monkeypatch, caplog):
    in_store.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    publish(demo_deliveries[0], tmp_path / "store")
    turns = []

    def rehearse():
        turns.append(cached_queries.current())
        if len(turns) == 2:
            publish(demo_deliveries[1], tmp_path / "store")
        elif len(turns) == 6:
            prewarm.stop()
        raise OSError("no room")

    monkeypatch.setattr(prewarm, "EVERY", 0.01)
    monkeypatch.setattr(prewarm, "TRIES", 4)
    monkeypatch.setattr(prewarm, "_process", None)
    monkeypatch.setattr(prewarm, "rehearse", rehearse)
    prewarm._watch()
    assert turns == ["2022-10-07"] * 2 + ["2024-06-28"] * 4
    assert "could not be opened ahead" in caplog.text and not prewarm.is_ready()


@pytest.mark.parametrize("says", ["raise SystemExit(1)", "print('no answer')", "import time; time.sleep(600)"])
def test_a_rehearsal_that_breaks_is_no_harm(says, demo_store, in_store, monkeypatch, caplog):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    popen = subprocess.Popen
    monkeypatch.setattr(prewarm.subprocess, "Popen", lambda _, **how: popen([sys.executable, "-c", says], **how))
    if "sleep" in says:
        threading.Timer(1.0, prewarm.stop).start()
    if "print" in says:
        with pytest.raises(Exception, match=r"pickle|EOF|load|opcode"):
            prewarm.rehearse()
    else:
        prewarm.rehearse()
    assert not prewarm.is_ready() and prewarm._process.poll() is not None, "nothing goes on in its name"


def test_without_a_delivery_there_is_nothing_to_do(tmp_path, in_store):
    in_store.setenv("DASHBOARD_STORE", str(tmp_path / "nothing"))
    command = [sys.executable, "-m", "server.prewarm_worker"]
    done = subprocess.run(command, cwd=prewarm_worker.ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0 and done.stdout == b"" and not prewarm.is_ready()


def test_a_delivery_published_meanwhile_gets_none_of_the_answers_of_the_one_before(
    demo_deliveries, tmp_path, in_store, monkeypatch
):
    in_store.setenv("DASHBOARD_STORE", str(tmp_path / "store"))
    publish(demo_deliveries[0], tmp_path / "store")
    before = open_store("2022-10-07")
    old = before.rows("select delivery_id from delivery")
    parts = [before.found(), {}]

    def load(_):
        """The rehearsal's answer comes in after another delivery has gone on screen."""
        if len(parts) == 2:
            publish(demo_deliveries[1], tmp_path / "store")
        if not parts:
            raise EOFError
        return before.file, parts.pop(0)

    monkeypatch.setattr(prewarm.pickle, "load", load)
    assert not prewarm._take(SimpleNamespace(stdout=object(), wait=lambda: 0), before) and not prewarm.is_ready()
    now = open_store("2024-06-28")
    assert now.found() == {} and now.rows("select delivery_id from delivery") != old
    now.take(before.file, before.found())
    assert now.rows("select delivery_id from delivery") == [{"delivery_id": "2024-06-28"}]


def test_what_is_let_go_of_meanwhile_is_handed_over_all_the_same(demo_store, in_store, monkeypatch):
    in_store.setenv("DASHBOARD_STORE", str(demo_store))
    monkeypatch.setattr(stores, "FOUND", Bounded(40))
    store = open_store(str(cached_queries.current()))
    pages = [(page, {"as": "officer"}) for page in PAGES[:3]]
    monkeypatch.setattr(prewarm_worker, "_views", lambda *_: pages)
    asked = iter(range(10**6))
    monkeypatch.setattr(prewarm_worker, "_open", lambda *_: [store.once(("asked", next(asked)), list) for _ in range(40)])
    monkeypatch.setattr(prewarm_worker, "set_log_level", lambda _: None)
    for what in ("os.nice", "audit_log.keep_silent", "config.set_option"):
        monkeypatch.setattr(f"server.prewarm_worker.{what}", lambda *_: None)
    monkeypatch.setattr(stores.FOUND, "_weigh", lambda _: 1)
    handed = io.BytesIO()
    monkeypatch.setattr(prewarm_worker.sys, "stdout", SimpleNamespace(buffer=handed))
    assert prewarm_worker.main() == 0
    handed.seek(0)
    parts = [pickle.load(handed) for _ in pages]
    assert [len(found) for _, found in parts] == [40, 40, 40] and {of for of, _ in parts} == {store.file}
