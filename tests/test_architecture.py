"""Check what a reader of the code relies on: which package imports which, what a page holds, what a query states first."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from components.page_list import PAGES
from queries import measures
from queries.aggregations import AGGREGATIONS
from queries.calculators.registry import CALCULATORS as KINDS
from queries.dimensions import DIMENSIONS
from queries.registry import facts
from tests.conftest import ROOT
from tests.source_code import module_name, python_files, relative, sql_from_strings, tree

PAGE_FILES = [ROOT / "dashboard.py", *sorted((ROOT / "pages").glob("*.py"))]
SQL_FILES = sorted((ROOT / "queries").rglob("*.sql")) + sorted((ROOT / "data").rglob("*.sql"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Files that compose SQL, and how often: from SQL files, and from the expressions of facts.toml and dimensions.toml.
COMPOSE_SQL_FILES = {"queries/rollups/build.py": 3}


def test_imports_follow_the_layers():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_server_loads_nothing_that_only_files_need():
    # together they take 100 MB of a server's memory and a second of its start, and scipy.stats another 50 MB
    modules = ("pandas", "pyarrow", "typst", "pptx", "xlsxwriter", "openpyxl", "scipy.stats")
    load = "from server import app, startup_checks; startup_checks.warm_up()"
    script = f"import sys; {load}; print(sorted(set({modules}) & set(sys.modules)), 'plotly' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "[] True", done.stdout


@pytest.mark.parametrize("path", PAGE_FILES, ids=relative)
def test_every_page_opens_the_frame_first(path):
    body = [node for node in tree(path).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assigned = [node for node in body[1:] if isinstance(node, ast.Assign)]
    opened = next(node for node in assigned if isinstance(node.value, ast.Call))
    assert ast.unparse(opened.value.func) == "open_page"
    before = body[1 : body.index(opened)]
    assert all(isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call) for node in before)


@pytest.mark.parametrize("path", PAGE_FILES, ids=relative)
def test_pages_hold_no_sql_no_reshaping_no_figures_no_html(path):
    text = path.read_text()
    assert not re.search(r"(?i)\bselect\b[^\"']+\bfrom\b|duckdb|pandas|groupby|plotly|unsafe_allow_html|st\.html", text)
    assert text.count("\n") <= 150


@pytest.mark.parametrize("path", PAGE_FILES, ids=relative)
def test_every_page_ends_by_drawing_itself(path):
    assert ast.unparse(tree(path).body[-1]) == "page.end()"


def test_every_page_file_is_in_the_page_list():
    assert {entry.script for entry in PAGES} == {relative(path) for path in PAGE_FILES}


def test_every_query_states_its_purpose_and_grain():
    for path in SQL_FILES:
        text = path.read_text()
        comment = "\n".join(line for line in text.splitlines()[:8] if line.startswith("--"))
        assert text.startswith("--"), f"a query opens with its comment: {path}"
        assert re.search(r"(?i)\bone row\b|\bevery row\b", comment), f"the comment names the grain: {path}"


def test_every_measure_refers_to_files_and_a_type_that_exist():
    for measure in measures().values():
        assert measure.fact in facts(), measure
        assert measure.agg in AGGREGATIONS, measure
        assert measure.type in KINDS, measure
        assert measure.definition.endswith("."), measure
        assert measure.better in ("up", "down", None), measure


def strings_in(*paths: Path) -> set[str]:
    return {
        node.value
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_fact_aggregation_and_reference_table_is_used():
    text = strings_in(*python_files("queries", "components", "briefs", "pages"))
    assert set(facts()) - {measure.fact for measure in measures().values()} <= text
    assert set(AGGREGATIONS) - {measure.agg for measure in measures().values()} <= text
    tables = {path.stem for path in (ROOT / "queries" / "sql" / "reference").glob("*.sql")}
    assert tables
    assert tables - text - {dimension.reference for dimension in DIMENSIONS.values()} == set()


def test_no_sql_is_built_from_strings():
    lines = {relative(path): sorted(set(sql_from_strings(tree(path)))) for path in python_files()}
    assert {path: len(places) for path, places in lines.items() if places} == COMPOSE_SQL_FILES, lines


@pytest.mark.parametrize(
    "code",
    [
        'def f(c, name):\n    c.execute(f"select {name}")',
        'def f(c, name):\n    text = f"select {name}"\n    c.execute(text)',
        'def f(c, name):\n    first = f"select {name}"\n    second = first + " from t"\n    c.sql(second)',
        'def f(c, name):\n    text = "select "\n    text += name\n    c.execute(text)',
        'def f(c, name):\n    c.execute("select %s" % name)',
        'def f(c, name):\n    c.execute("select " + name)',
        'def f(c, name):\n    c.execute("select {}".format(name))',
        'def f(c, names):\n    c.query(", ".join(names))',
        'def f(store, name):\n    store.rows(f"select {name}")',
        'def f(c, name):\n    run(c, f"select {name}")',
        'import os\nTEXT = f"select {os.sep}"\ndef f(c):\n    c.execute(TEXT)',
    ],
)
def test_the_check_sees_sql_built_from_strings(code):
    assert list(sql_from_strings(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'def f(c):\n    c.execute("select 1")',
        'def f(c, day):\n    text = f"{day}"\n    c.execute("select $day", {"day": text})',
    ],
)
def test_the_check_allows_bound_values(code):
    assert not list(sql_from_strings(ast.parse(code)))


def test_only_data_writes_sql_by_hand():
    importers = [
        relative(path)
        for path in python_files("queries", "components", "briefs", "server", "pages")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "data.duckdb_sql"
        and "Sql" in {alias.name for alias in node.names}
    ]
    assert importers == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_path_in_the_documents_exists(document):
    text = document.read_text(encoding="utf-8")
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    names = {path.name for path in python_files()} | {path.name for path in (ROOT / "tests").rglob("*.py")}
    quoted = re.findall(r"`([\w./-]+)`", text)
    missing = [
        path
        for path in quoted
        if (path.split("/")[0] in folders and "/" in path and not (ROOT / path).exists())
        or ("/" not in path and path.endswith(".py") and path not in names)
    ]
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link]
    missing += [link for link in links if not (document.parent / link).exists()]
    assert missing == []


def test_the_commands_of_the_readme_exist():
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    commands = re.findall(r"`make (\w+)`", readme)
    assert commands
    assert [command for command in commands if not re.search(rf"^{command}:", makefile, re.M)] == []


def test_every_module_has_a_name_of_its_package():
    """The other tests here look at all production code: this fails where they would look at nothing."""
    names = {module_name(path) for path in python_files()}
    assert {
        "data.cli",
        "queries.service",
        "components.page",
        "server.headers",
        "pages.equity",
        "dashboard",
        "serve",
    } <= names
