"""Ask the usual questions before readers do, unfiltered and under each single filter, and write the answers to standard output.

Only server/prewarm.py starts it: `python -m server.prewarm_worker FILTER …`, with pickled questions on standard input. It opens
no port, knows no sign-in and yields to every other process. Each batch it writes is a pickle of the database file's state and
the answers by their cache key. They hold every row, before suppression: what a reader may see is decided in the serving process.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import BinaryIO

from queries import AskError, NothingPublished, Question, Scope, ask, current_delivery_id, listing, measures
from queries.access.accounts import AccessError, read_access
from queries.access.rights import REFERENCE, viewer
from queries.access.viewer import MIN_COUNT, Viewer
from queries.database import Store, open_store
from queries.dimensions import FILTERS
from queries.scope import BREAKDOWNS, OUTCOMES

ROLES = ("officer", "governor")  # exact and protected: suppression needs answers of its own
# breakdowns with many rows, or that few readers choose; they are prepared once a reader has asked for them
RARE = frozenset({"town", "program", "provider", "intake", "course", "fiscal_year", "year", "weeks_back"})
USUAL = tuple(name for name in FILTERS if name not in RARE)
_BATCH = 500  # questions
log = logging.getLogger("dashboard")


def main() -> int:
    """Ask everything once. Ends early when nobody reads the output any more."""
    if hasattr(os, "nice"):
        os.nice(19)
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    questions = pickle.load(sys.stdin.buffer)  # from the process that started this one
    try:
        delivery_id = current_delivery_id()
    except NothingPublished:
        return 0
    store = open_store(delivery_id)
    for name in sorted(REFERENCE):
        listing(name, Scope(delivery=delivery_id))
    everything = (*standard_questions(delivery_id, sys.argv[1:]), *questions)
    try:
        write_answers(store, everything, output)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
    return 0


def standard_questions(delivery_id: str, filters: Sequence[str]) -> Iterator[tuple[Question, Scope]]:
    """Yield every measure for the state, by every usual breakdown and outcome; then under each choice of each filter.

    Under a filter only totals, places and groups are asked for: all of it would fill half of the cache. A question that makes
    no sense for a measure costs little: `ask` refuses it before it reads any data.
    """
    state = Scope(delivery=delivery_id)
    for measure_id in measures():
        for by in (None, *(by for by in BREAKDOWNS if by not in RARE)):
            yield Question(measure_id, by), state
        for outcome in OUTCOMES:
            for by in (None, "group"):
                yield Question(measure_id, by, outcome), state
    for name in filters:
        for row in listing(FILTERS[name].reference, state):
            for measure_id in measures():
                for by in (None, *USUAL):
                    yield Question(measure_id, by), state.but(**{name: row[FILTERS[name].reference_key]})


def write_answers(store: Store, questions: Iterable[tuple[Question, Scope]], output: BinaryIO) -> None:
    """Ask the questions for a reader of each clearance, and write the new answers of each batch.

    Raises:
        BrokenPipeError: Nobody reads the output.
    """
    viewers, written = _viewers(), set[Hashable]()

    def write() -> None:
        answers = {key: value for key, value in store.results().items() if key not in written}
        pickle.dump((store.file, answers), output)
        output.flush()
        written.update(answers)

    for number, (question, scope) in enumerate(questions, start=1):
        for reader in viewers:
            try:
                ask(question, scope.but(viewer=reader))
            except AskError:
                continue  # asked of an earlier delivery, about something that this one does not have
            except Exception:
                log.warning("%r under %r could not be answered in advance", question, scope, exc_info=True)
        if number % _BATCH == 0:
            write()
    write()


def _viewers() -> list[Viewer]:
    try:
        min_count = read_access().min_count
    except AccessError:
        min_count = MIN_COUNT
    return [viewer(role, min_count=min_count) for role in ROLES]


if __name__ == "__main__":
    sys.exit(main())
