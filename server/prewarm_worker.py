"""Opens every page before anybody does, unfiltered and under each single filter, and hands over the answers it took.

`python -m server.prewarm_worker FILTER …` is started by server/prewarm.py and by nobody else. It opens no port, knows no sign-in, gives way to every
other process, and writes to its standard output: for each page pickled answers by the key the store finds them under. They hold
every row, as before anything is hidden: what a reader may see of them is decided in the serving process, at its one door.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from components import cached_queries, roles
from components.page_list import PAGES, PageEntry
from data import audit_log
from queries.database import open_store

ROOT = Path(__file__).parent.parent
READERS = ("officer", "governor")  # exact, and protected: what hides a small number takes answers of its own
_LONGEST = 600  # seconds a page may take
log = logging.getLogger("dashboard")


def main() -> int:
    """Open everything once; ends early when nobody listens any more."""
    if hasattr(os, "nice"):
        os.nice(19)
    audit_log.keep_silent()
    config.set_option("secrets.files", [])  # nobody can sign in here: the pages open as in the demo
    set_log_level("ERROR")
    handed, sys.stdout = sys.stdout.buffer, sys.stderr
    current = cached_queries.current()
    if current is None:
        return 0
    store, told = open_store(current), set[Any]()
    try:
        for page, address in _views(current, sys.argv[1:]):
            _open(page, address)
            found = {key: value for key, value in store.found().items() if key not in told}
            pickle.dump((store.file, found), handed)
            handed.flush()
            told.update(found)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), handed.fileno())
    return 0


def _views(delivery_id: str, names: Sequence[str]) -> Iterator[tuple[PageEntry, dict[str, str]]]:
    """Every page with what stands in its address: the whole state first, then every choice of each filter."""
    choices = cached_queries.choices(delivery_id)
    filters = [{name: value} for name in names for value, _ in choices.of(name)]
    readers = {name: viewer for name, viewer in roles.demo_readers().items() if name in READERS}
    for chosen in ({}, *filters):
        for name, viewer in readers.items():
            for page in PAGES:
                if roles.may_open(viewer, page.id):
                    yield page, {"as": name, "delivery": delivery_id, **chosen}


def _open(page: PageEntry, address: dict[str, str]) -> None:
    opened = AppTest.from_file(str(ROOT / page.script), default_timeout=_LONGEST)
    for name, value in address.items():
        opened.query_params[name] = value
    try:
        opened.run()
    except RuntimeError:
        log.warning("%s took longer than %s seconds", page.name, _LONGEST)


if __name__ == "__main__":
    sys.exit(main())
