"""The house rules that a reader of the code relies on: who imports whom, what a page may hold, what a query says first."""

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
from queries.facts import facts
from tests.conftest import ROOT

PAGE_FILES = sorted([ROOT / "dashboard.py", *(ROOT / "pages").glob("*.py")])
SQL_FILES = sorted((ROOT / "queries").rglob("*.sql")) + sorted((ROOT / "data").rglob("*.sql"))


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_arrows_run_one_way():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PAGE_FILES, ids=names(PAGE_FILES))
def test_every_page_opens_the_frame_before_anything_else(path):
    body = [node for node in ast.parse(path.read_text()).body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    first = body[1]
    assert isinstance(first, ast.Assign) or isinstance(body[2], ast.Assign)
    calls = [node for node in body[1:] if isinstance(node, ast.Assign)]
    opened = next(node for node in calls if isinstance(node.value, ast.Call))
    assert opened.value.func.id == "open_page"
    before = body[1 : body.index(opened)]
    assert all(isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call) for node in before)


@pytest.mark.parametrize("path", PAGE_FILES, ids=names(PAGE_FILES))
def test_pages_hold_no_sql_no_reshaping_no_figures_no_html(path):
    text = path.read_text()
    assert not re.search(r"(?i)\bselect\b[^\"']+\bfrom\b|duckdb|pandas|groupby|plotly|unsafe_allow_html|st\.html", text)
    assert text.count("\n") <= 150


@pytest.mark.parametrize("path", PAGE_FILES, ids=names(PAGE_FILES))
def test_every_page_ends_by_drawing_what_it_said(path):
    assert ast.unparse(ast.parse(path.read_text()).body[-1]) == "page.end()"


def test_the_list_of_pages_is_the_pages():
    assert {entry.script for entry in PAGES} == set(names(PAGE_FILES))


@pytest.mark.parametrize("path", SQL_FILES, ids=names(SQL_FILES))
def test_every_query_says_what_it_answers_and_its_grain(path):
    text = path.read_text()
    comment = "\n".join(line for line in text.splitlines()[:8] if line.startswith("--"))
    assert text.startswith("--"), "a query opens with its comment"
    assert re.search(r"(?i)\bone row\b|\bevery row\b", comment), "the comment names the grain"


def test_every_measure_names_files_and_a_kind_that_exist():
    for one in measures().values():
        assert one.fact in facts() and one.agg in AGGREGATIONS, one.id
        assert one.type in KINDS and one.definition.endswith(".") and one.better in ("up", "down", None)


def test_every_counted_and_tail_file_is_used():
    used = {one.fact for one in measures().values()}
    used |= {"starts"} & set(measures())
    assert set(facts()) == used


def test_no_sql_is_built_from_strings():
    for path in [*(ROOT / "queries").rglob("*.py"), *(ROOT / "components").rglob("*.py"), *PAGE_FILES]:
        assert not re.search(r"\.(execute|sql)\(\s*f[\"']", path.read_text()), path


def test_the_two_commands_of_the_readme_exist():
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for command in re.findall(r"`make (\w+)`", readme):
        assert re.search(rf"^{command}:", makefile, re.M), command
