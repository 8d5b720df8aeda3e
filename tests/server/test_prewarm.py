"""Test that answers are prepared in advance, are the same numbers, for any reader, and leave no trace in the audit log."""

from __future__ import annotations

import io
import os
import pickle
import random
import subprocess
import sys
import threading
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from components import cached_queries, roles
from components.page_list import PAGES
from data import audit_log
from queries import Question, Scope, measure
from queries import database as stores
from queries.cache import BoundedCache
from queries.calculators.registry import CALCULATORS
from queries.context import QueryContext
from queries.database import Store, delivery, open_store
from server import prewarm, prewarm_worker
from tests.app_driver import text
from tests.conftest import publish
from tests.pages.test_pages import run

VIEWS = [("officer", {}), ("governor", {}), ("governor", {"initiative": "CareerConneCT"})]


@pytest.fixture(autouse=True)
def new_server(monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(prewarm, "_state", prewarm._Prewarm())


def empty_cache(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(stores, "ANSWERS", BoundedCache(stores.MOST_CELLS, stores.cells))


@pytest.fixture(scope="module")
def prepared(demo_store, tmp_path_factory):
    """The answers of a worker that got the questions of every page, for the state and one initiative."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(demo_store))
        patch.setenv("DASHBOARD_LOG", str(tmp_path_factory.mktemp("log")))
        patch.setattr(prewarm, "_state", prewarm._Prewarm())
        patch.setattr(prewarm, "FILTERS", ())
        patch.setattr(prewarm.gc, "freeze", lambda: None)  # a frozen object would never be freed in the tests
        store = open_store(str(cached_queries.current()))
        empty_cache(patch)
        for page in PAGES:
            for who, address in VIEWS:
                run(page.script, **{"as": who, **address})
        prewarm._state.previous = store
        opened = audit_log.read()
        page_questions = prewarm.recent_questions(store, store)
        empty_cache(patch)
        patch.setattr(prewarm, "recent_questions", lambda *_: page_questions)
        patch.setenv("DASHBOARD_SECRETS", "/nowhere/secrets.toml")
        prewarm.run_worker()
        return SimpleNamespace(
            store=store, answers=store.results(), is_ready=prewarm.is_ready(), events=audit_log.read()[len(opened) :]
        )


@pytest.fixture
def choices(demo_store, use_store):
    """The choices of the filters, which the server looks up when it starts."""
    use_store(demo_store)
    return cached_queries.choices(str(cached_queries.current()))


# data_health also asks about an earlier delivery
@pytest.mark.parametrize("page", [page for page in PAGES if page.id != "data_health"], ids=lambda page: page.id)
@pytest.mark.parametrize(("who", "address"), VIEWS, ids=str)
def test_a_page_that_readers_opened_before_needs_no_query(
    prepared, choices, demo_store, use_store, monkeypatch, who, address, page
):
    use_store(demo_store)
    if not roles.may_open(roles.demo_readers()[who], page.id):
        who = "analyst"
    empty_cache(monkeypatch)
    prepared.store.take(prepared.store.file, prepared.answers)
    monkeypatch.setattr(Store, "run", lambda self, query, _: pytest.fail(f"asked DuckDB: {query[:300]}"))
    monkeypatch.setattr(cached_queries, "choices", lambda _: choices)
    opened = run(page.script, **{"as": who, **address})
    assert not opened.exception
    assert "incident" not in text(opened)


def test_a_new_server_asks_the_standard_questions(demo_store, use_store):
    use_store(demo_store)
    state = Scope(delivery=str(cached_queries.current()))
    questions = set(prewarm_worker.standard_questions(str(state.delivery), ["region", "group"]))
    for by in (None, "region", "group"):
        for scope in (state, state.but(region="Eastern"), state.but(group="woman")):
            assert (Question("completion_rate", by), scope) in questions
    assert (Question("completions", "quarter"), state) in questions
    assert (Question("gap_parts", None, "placement_rate"), state) in questions


def test_prepared_answers_equal_computed_answers(prepared, monkeypatch):
    assert prepared.is_ready
    keys = [key for key in prepared.answers if len(key) == 5]
    assert len(keys) > 400
    assert stores.cells([*prepared.answers.values()]) < stores.MOST_CELLS / 5, "the cache has room for all of them"
    monkeypatch.setattr(stores, "ANSWERS", BoundedCache(1))
    for key in random.Random(6).sample(keys, 150):
        measure_id, by, scope, outcome, goal = key
        assert scope.viewer is None, "for no reader in particular"
        context = QueryContext(measure(measure_id), by, scope, prepared.store, delivery(prepared.store), outcome, goal)
        assert tuple(CALCULATORS[context.measure.type].function(context)) == prepared.answers[key], key


def test_the_audit_log_does_not_record_the_worker(prepared):
    assert prepared.events == []


def test_dates_move_with_the_delivery(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    empty_cache(monkeypatch)
    previous, current = open_store("2024-06-28"), open_store("2026-11-13")
    old = Scope(delivery=previous.id, as_of=date(2024, 6, 28))
    goal = None
    for scope in (old, old.but(as_of=date(2024, 3, 30)), old.but(since=date(2024, 6, 1), region="Eastern")):
        previous.get_or_compute(("completions", "region", scope, None, goal), tuple)
    previous.get_or_compute(("select 1", ()), list)
    question = Question("completions", "region")
    assert prewarm.recent_questions(previous, current) == [
        (question, Scope(delivery=current.id, since=date(2026, 11, 13) - timedelta(days=27), region="Eastern")),
        (question, Scope(delivery=current.id, as_of=date(2026, 11, 13) - timedelta(days=90))),
        (question, Scope(delivery=current.id)),
    ]


def test_each_new_delivery_is_prepared(demo_deliveries, tmp_path, use_store, monkeypatch, caplog):
    use_store(tmp_path / "store")
    publish(demo_deliveries[0], tmp_path / "store")
    attempts = []

    def run_worker():
        attempts.append(cached_queries.current())
        if len(attempts) == 2:
            publish(demo_deliveries[1], tmp_path / "store")
        elif len(attempts) == 6:
            prewarm.stop()
        raise OSError("no room")

    monkeypatch.setattr(prewarm, "EVERY", 0.01)
    monkeypatch.setattr(prewarm, "ATTEMPTS", 4)
    monkeypatch.setattr(prewarm, "run_worker", run_worker)
    prewarm._watch()
    assert attempts == ["2022-10-07"] * 2 + ["2024-06-28"] * 4
    assert "could not be answered in advance" in caplog.text
    assert not prewarm.is_ready()


@pytest.fixture
def replace_worker(demo_store, use_store, monkeypatch):
    """Runs other code in the place of the worker, started the same way."""
    use_store(demo_store)
    popen = subprocess.Popen

    def replace(code: str) -> None:
        monkeypatch.setattr(prewarm.subprocess, "Popen", lambda _, **how: popen([sys.executable, "-c", code], **how))

    return replace


@pytest.mark.parametrize("code", ["raise SystemExit(1)", "print('no answer')", "import time; time.sleep(600)"])
def test_a_worker_that_fails_does_no_harm(code, replace_worker):
    replace_worker(code)
    if "sleep" in code:
        threading.Timer(1.0, prewarm.stop).start()
    if "print" in code:
        with pytest.raises(Exception, match=r"pickle|EOF|load|opcode"):
            prewarm.run_worker()
    else:
        prewarm.run_worker()
    assert not prewarm.is_ready()
    assert prewarm._state.process.poll() is not None, "the worker has ended"


def test_the_worker_has_a_new_process_group_in_the_session_of_the_server(replace_worker, tmp_path):
    replace_worker(
        f"import os; open({str(tmp_path / 'ids')!r}, 'w').write(f'{{os.getsid(0)}} {{os.getpgid(0)}} {{os.getpid()}}')"
    )
    prewarm.run_worker()
    session, group, process = (tmp_path / "ids").read_text().split()
    assert int(session) == os.getsid(0), "a low priority counts only among processes of one session"
    assert group == process
    assert int(group) != os.getpgid(0)


def test_the_worker_takes_the_lowest_priority_and_no_streamlit(demo_store, use_store, tmp_path):
    use_store(tmp_path / "nothing")
    code = (
        "import os, runpy, sys; sys.argv = ['worker']\n"
        "try: runpy.run_module('server.prewarm_worker', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(os.nice(0), 'streamlit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=prewarm.ROOT,
        input=pickle.dumps([]),
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert done.stderr.decode().split()[-2:] == ["19", "False"]


def test_without_a_delivery_there_is_nothing_to_do(tmp_path, use_store):
    use_store(tmp_path / "nothing")
    command = [sys.executable, "-m", "server.prewarm_worker"]
    done = subprocess.run(
        command, cwd=prewarm.ROOT, input=pickle.dumps([]), capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0
    assert done.stdout == b""
    assert not prewarm.is_ready()


def test_a_delivery_published_meanwhile_gets_no_answers_of_the_previous_delivery(
    demo_deliveries, tmp_path, use_store, monkeypatch
):
    use_store(tmp_path / "store")
    publish(demo_deliveries[0], tmp_path / "store")
    before = open_store("2022-10-07")
    old = before.rows("select delivery_id from delivery")
    batches = [before.results(), {}]

    def load(_):
        """Return the worker's answer after another delivery has been published."""
        if len(batches) == 2:
            publish(demo_deliveries[1], tmp_path / "store")
        if not batches:
            raise EOFError
        return before.file, batches.pop(0)

    monkeypatch.setattr(prewarm.pickle, "load", load)
    assert not prewarm._import_answers(SimpleNamespace(stdout=object(), wait=lambda: 0), before)
    assert not prewarm.is_ready()
    now = open_store("2024-06-28")
    assert now.results() == {}
    assert now.rows("select delivery_id from delivery") != old
    now.take(before.file, before.results())
    assert now.rows("select delivery_id from delivery") == [{"delivery_id": "2024-06-28"}]


def test_answers_that_the_cache_evicts_are_handed_over_all_the_same(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    monkeypatch.setattr(stores, "ANSWERS", BoundedCache(40))
    monkeypatch.setattr(stores.ANSWERS, "_weigh", lambda _: 1)
    store = open_store(str(cached_queries.current()))
    numbers = iter(range(10**6))
    monkeypatch.setattr(
        prewarm_worker, "ask", lambda *_: [store.get_or_compute(("answer", next(numbers)), list) for _ in range(20)]
    )
    monkeypatch.setattr(prewarm_worker, "_BATCH", 1)
    output = io.BytesIO()
    prewarm_worker.write_answers(store, [(Question("completions"), Scope())] * 3, output)
    output.seek(0)
    batches = [pickle.load(output) for _ in range(3)]
    assert [len(answers) for _, answers in batches] == [40, 40, 40]
    assert {file for file, _ in batches} == {store.file}


def test_a_question_that_fails_does_not_stop_the_others(demo_store, use_store, monkeypatch, caplog):
    use_store(demo_store)
    empty_cache(monkeypatch)
    store = open_store(str(cached_queries.current()))
    monkeypatch.setattr(CALCULATORS["money"], "function", lambda _: 1 / 0)
    questions = [
        (Question("completions"), Scope(region="Atlantis")),
        (Question("expended"), Scope()),
        (Question("completions"), Scope()),
    ]
    output = io.BytesIO()
    prewarm_worker.write_answers(store, questions, output)
    output.seek(0)
    _, answers = pickle.load(output)
    assert [key[0] for key in answers if len(key) == 5] == ["completions"]
    assert "could not be answered in advance" in caplog.text
    assert "Atlantis" not in caplog.text, "an unknown region is not an error"
