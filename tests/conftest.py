"""Share stores among the tests, published once a session from generated and demo deliveries."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from components import chart_view
from components.memoize import RENDERED
from data import area_shapes, without_rows
from data.__main__ import main as data_command
from data.demo import make
from data.store import DATABASE
from data.typed_csv import Row
from queries import rollups, stored_questions
from queries.privacy import family, release, suppression
from tests import edge_cases
from tests.faults import stores

ROOT = Path(__file__).parent.parent
UseStore = Callable[[Path], None]
settings.register_profile("untimed", deadline=None)  # machines are noisy, and no test is about time
settings.load_profile("untimed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the seed of the tests' order, which repeats a run."""
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"The order of the tests: --randomly-seed={seed}")


# Files that take long. The first makes the demo's store; the three after it need none, so that no worker waits for it.
LONG = (
    "tests/pages/test_every_sentence.py",
    "tests/faults/test_kills.py",
    "tests/data/cluster/test_same_answers.py",
    "tests/data/cluster/test_in_place.py",
    "tests/browser/test_pages.py",
    "tests/browser/test_sign_in.py",
    "tests/queries/test_rollups.py",
    "tests/queries/test_without_rows.py",
    "tests/privacy/test_attack.py",
    "tests/data/cluster/test_checkpoints.py",
    "tests/pages/test_files.py",
    "tests/queries/test_changed.py",
    "tests/data/test_read_files.py",
    "tests/data/test_doubtful_values.py",
    "tests/queries/test_every_breakdown.py",
    "tests/browser/test_navigation.py",
    "tests/privacy/test_release.py",
    "tests/queries/test_measures.py",
    "tests/faults/test_damage.py",
    "tests/browser/test_analyst_tasks.py",
    "tests/data/test_as_exported.py",
    "tests/queries/test_store.py",
    "tests/server/test_damaged_store.py",
    "tests/data/test_masking.py",
    "tests/browser/test_prefix.py",
    "tests/queries/test_filters.py",
    "tests/data/test_cli.py",
    "tests/data/test_publishing.py",
    "tests/data/test_file_formats.py",
    "tests/browser/test_connection.py",
    "tests/browser/test_hardened.py",
    "tests/queries/test_provider_limits.py",
    "tests/data/test_targets.py",
    "tests/data/test_pirl.py",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Load the tests without collecting garbage, of which there is none yet: it took a third of the time.

    Each worker loads a part of the test files first: rewriting their assertions takes long, and the others read what is compiled.
    """
    gc.disable()
    try:
        if (worker := os.environ.get("PYTEST_XDIST_WORKER")) is not None:
            files = sorted((ROOT / "tests").rglob("test_*.py"))
            for path in files[int(worker.removeprefix("gw")) :: int(os.environ["PYTEST_XDIST_WORKER_COUNT"])]:
                with suppress(Exception):  # pytest meets it again, and reports it
                    import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that take long: a worker that begins one at the end keeps the others waiting. The rest stays in random order."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """Collect garbage less often, and not among what is loaded by now: it took 8% of the time of tests that read pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_unconfigure() -> None:
    """Let what was loaded be freed again at the end: else DuckDB lists it all below the summary of the tests."""
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def audit_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests' audit log apart from the machine's."""
    folder = tmp_path_factory.mktemp("record")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_LOG", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Look for components in the installed packages once a session: `AppTest` does at every run of a page, for 0.1 seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session", autouse=True)
def areas_of_maps() -> Iterator[None]:
    """Make the areas of a map once a session for the same reference tables: they take an eighth of a small publish."""
    make_areas, made = area_shapes.areas_of, dict[str, list[area_shapes.Area]]()

    def areas_of(tables: Mapping[str, Sequence[Row]]) -> list[area_shapes.Area]:
        key = repr([tables[name] for name in ("regions", "towns", "town_boundaries")])
        if key not in made:
            made[key] = make_areas(tables)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(area_shapes, "areas_of", areas_of)
        patch.setattr(area_shapes, "label_position", cache(area_shapes.label_position))
        yield


def publish(delivery: Path, store: Path, *options: str, is_solved: bool = False) -> None:
    """Publish a delivery into a store, and fail the test if it is refused.

    If `is_solved`, what protected readers may see is solved but not audited: tests/privacy attacks it. Else they get totals.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_STORE", str(store))
        unaudited = partial(release.prepare, is_audited=False)
        patch.setattr(release, "prepare", unaudited if is_solved else lambda database, progress: None)
        assert data_command(["publish", str(delivery), *options]) == 0


def publish_tables(tables: dict[str, pd.DataFrame], root: Path, *options: str) -> Path:
    """Publish the tables of an edge case into a new store under a folder, however many rows are excluded. Return the store."""
    folder = edge_cases.write(root / edge_cases.DELIVERED_ON.date().isoformat(), tables)
    publish(folder, root / "store", "--max-quarantined", "100", *options)
    return root / "store"


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make_it: Callable[[Path], object]) -> Path:
    """Return a folder that the first process of a run fills; the others wait for it. Tests do not change it."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder, complete = root / name, root / f"{name}.complete"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            folder.mkdir()
            make_it(folder)
            complete.touch()
    return folder


@pytest.fixture(scope="session")
def demo_deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Make the three demo deliveries at their default size, oldest first."""
    return sorted(path for path in made_once(tmp_path_factory, "demo", make).iterdir() if path.is_dir())


@pytest.fixture(scope="session")
def demo_store(demo_deliveries: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish all three demo deliveries into a store."""

    def publish_all(store: Path) -> None:
        for delivery in demo_deliveries:
            publish(delivery, store, is_solved=delivery == demo_deliveries[-1])

    return made_once(tmp_path_factory, "demo-store", publish_all)


def leave_out_rows(store: Path) -> None:
    """Take residents' rows out of the newest delivery of a store, as publishing does at its end."""
    database = sorted((store / "deliveries").iterdir())[-1] / DATABASE
    rollups.prepare(database, has_rows=False)
    stored_questions.store_questions(database)
    without_rows.leave_out_rows(database)


@pytest.fixture(scope="session")
def demo_without_rows(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's store, with its last delivery as if it had been published without residents' rows."""

    def make_it(store: Path) -> None:
        shutil.copytree(demo_store, store, dirs_exist_ok=True)
        leave_out_rows(store)

    return made_once(tmp_path_factory, "demo-without-rows", make_it)


@pytest.fixture(scope="session")
def three_deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish three small deliveries, of 60, 70 and 80 enrollments; return their store. Tests change copies of it."""
    return made_once(tmp_path_factory, "three-deliveries", stores.make_store) / "store"


HOSTILE = {"some undisclosed": (11, 0.3), "all undisclosed": (12, 1.0), "all answered": (13, 0.0)}


@pytest.fixture(scope="session", params=HOSTILE, ids=lambda name: name.replace(" ", "-"))
def hostile_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, pd.DataFrame]]:
    """Publish one awkward delivery; return its store and the frames it was made from."""
    return publish_hostile(tmp_path_factory, request.param)


def publish_hostile(tmp_path_factory: pytest.TempPathFactory, name: str) -> tuple[Path, dict[str, pd.DataFrame]]:
    """Publish one of the awkward deliveries, once a run; return its store and the frames it was made from."""
    seed, undisclosed = HOSTILE[name]
    tables = edge_cases.frames(seed=seed, undisclosed=undisclosed)
    day = edge_cases.DELIVERED_ON.date().isoformat()

    def publish_it(store: Path) -> None:
        folder = edge_cases.write(store.with_name(f"{store.name}-delivery") / day, tables)
        publish(folder, store, "--max-quarantined", "100", is_solved=True)

    store = made_once(tmp_path_factory, f"hostile-store-{seed}", publish_it)
    return store, tables


@pytest.fixture(autouse=True)
def totals_for_protected_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish without solving what protected readers may see, in this process: half of the time of a small publish.

    For tests of data and faults. Those of privacy test solving, and processes that tests start solve.
    """
    if any(request.path.is_relative_to(ROOT / "tests" / folder) for folder in ("data", "faults")):
        monkeypatch.setattr(release, "prepare", lambda database, progress: None)


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put Python's main module back: a page run by `AppTest` takes its place, and new processes would run that page's script."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True)
def empty_page_cache() -> None:
    """Start every test without cached pages, so that a patch in one test cannot show in another."""
    RENDERED.clear()


@pytest.fixture(autouse=True)
def all_details_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open every details element, so that tests see what a reader can open."""
    monkeypatch.setattr(chart_view, "is_open", lambda key: True)


@pytest.fixture
def any_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let protected readers ask anything, to test what protects each answer by itself."""
    monkeypatch.setattr(
        family, "nearest_question", lambda context, *, current: family.Nearest(context.by, context.scope)
    )
    monkeypatch.setattr(suppression, "JOINT_TYPES", frozenset())


@pytest.fixture
def use_store(monkeypatch: pytest.MonkeyPatch) -> UseStore:
    """Return a function that points the code at a store for the rest of the test."""

    def point_at(store: Path) -> None:
        monkeypatch.setenv("DASHBOARD_STORE", str(store))

    return point_at
