"""What was worked out is kept as long as there is room, by whatever threads, and never another's."""

from __future__ import annotations

import random
import sys
import threading

import pytest

from queries.cache import BoundedCache
from queries.database import cells


def test_the_oldest_is_let_go_first_and_what_is_put_again_is_new():
    values: BoundedCache[str] = BoundedCache(100, len)
    for name in ("a", "b", "a", "c"):
        values.put(name, name * 40)
    assert [name for name, _ in values.items()] == ["a", "c"]
    assert values.weight == 80
    values.clear()
    assert values.items() == []
    assert values.weight == 0
    assert values.get("a") is None


def test_what_is_too_large_drives_out_nothing_but_what_it_replaces():
    values: BoundedCache[str] = BoundedCache(100, len, largest=50)
    for name, long in (("a", 50), ("b", 50), ("b", 51), ("c", 101)):
        values.put(name, name * long)
    assert [name for name, _ in values.items()] == ["a"]
    assert values.weight == 50
    assert values.get_or_compute("b", lambda: "b" * 60) == "b" * 60
    assert values.get("b") is None
    unlimited: BoundedCache[str] = BoundedCache(100, len)
    unlimited.put("a", "a" * 60)
    unlimited.put("b", "b" * 101)
    assert [name for name, _ in unlimited.items()] == ["a"]


def test_what_is_known_is_not_worked_out_again():
    values: BoundedCache[None] = BoundedCache(2)
    assert values.get_or_compute("a", lambda: None) is None
    assert values.get_or_compute("a", lambda: pytest.fail("again")) is None


def test_threads_that_crowd_it_get_what_is_theirs():
    values: BoundedCache[int] = BoundedCache(40)
    wrong: list[object] = []
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def ask(seed: int) -> None:
        dice = random.Random(seed)
        try:
            for _ in range(4_000):
                key = dice.randrange(120)
                if values.get_or_compute(key, lambda key=key: key * 7) != key * 7:
                    wrong.append(key)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not wrong
    assert values.weight == len(values.items()) <= 40


def test_rows_weigh_what_is_in_them():
    assert cells([]) < cells([{"a": 1}]) < cells([{"a": 1, "b": 2}] * 3) == 16
    assert cells("a word") == cells(None) == 10


def test_threads_that_ask_the_same_wait_for_the_first_and_compute_it_once_more_if_that_fails():
    values: BoundedCache[int] = BoundedCache(10)
    started, go_on = threading.Event(), threading.Event()
    computed: list[str] = []
    answers: list[int] = []

    def fail() -> int:
        computed.append("failing")
        started.set()
        assert go_on.wait(30)
        raise ValueError("the first one fails")

    def succeed() -> int:
        computed.append("computing")
        return 7

    def first() -> None:
        with pytest.raises(ValueError, match="the first one fails"):
            values.get_or_compute("a", fail)

    others = [threading.Thread(target=lambda: answers.append(values.get_or_compute("a", succeed))) for _ in range(4)]
    threads = [threading.Thread(target=first), *others]
    threads[0].start()
    assert started.wait(30)
    for thread in others:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert answers == [7] * 4
    assert computed == ["failing", "computing"]
