from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from threading import Event, get_ident

import pytest

from components import cached_queries
from queries import Question, Scope
from queries.instances import SMALL, FileState
from queries.models import Delivery
from tests.components.rows import DELIVERY

QUESTIONS = [(Question("residents_enrolled", by), Scope()) for by in (None, "region", "sector", "town", "month")]


@pytest.fixture
def answered(monkeypatch):
    threads = {}

    def answer(question: Question, scope: Scope, delivery: Delivery, as_of: date) -> None:
        assert question not in threads
        threads[question] = get_ident()

    monkeypatch.setattr(cached_queries, "_answer", answer)
    return threads


def test_every_question_is_answered_ahead_once(answered):
    cached_queries.ask_ahead(QUESTIONS, DELIVERY, DELIVERY.delivered_on)
    assert set(answered) == {question for question, _ in QUESTIONS}


def test_where_no_thread_is_free_the_page_answers_its_questions_itself(answered, monkeypatch):
    is_free = Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(is_free.wait)
        monkeypatch.setattr(cached_queries, "_POOL", pool)
        cached_queries.ask_ahead(QUESTIONS, DELIVERY, DELIVERY.delivered_on)
        is_free.set()
    assert answered == {question: get_ident() for question, _ in QUESTIONS}


@pytest.mark.parametrize(("size", "is_shared"), [(SMALL - 1, False), (SMALL, True)])
def test_only_large_deliveries_are_shared_with_another_thread(answered, monkeypatch, size, is_shared):
    submitted = []
    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(pool, "submit", lambda *work: submitted.append(work) or Future())
        monkeypatch.setattr(cached_queries, "_POOL", pool)
        monkeypatch.setattr(cached_queries, "stamp_of", lambda _: FileState("store.duckdb", 1, 1, size, 1))
        cached_queries.ask_ahead(QUESTIONS, DELIVERY, DELIVERY.delivered_on)
    assert bool(submitted) == is_shared
    assert answered == ({question: get_ident() for question, _ in QUESTIONS} if is_shared else {}), (
        "the page asks a small one as it goes"
    )
