"""No code reads rows but through the service, which decides what a reader may see (queries/service.py)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.source_code import python_files, relative, tree

# Outside of queries/, only these open the store: for its description, and to check it when the server starts.
OPENERS = {"components/cached_queries.py", "briefs/answers.py", "server/startup_checks.py"}
# Inside queries/, answers are computed unprotected in these, and leave through queries/service.py and queries/listings.py alone.
CALL_ROWS_OF = ("queries/service.py", "queries/privacy/", "queries/calculators/")
# Two deliveries are compared for exact readers only (queries/changed.py). Rows of an earlier delivery are what readers saw then.
CALL_OPEN_STORE = {
    "queries/service.py", "queries/listings.py", "queries/database.py", "queries/changed.py", "queries/privacy/held.py",
    *OPENERS,
}  # fmt: skip
EXECUTE = (
    "queries/database.py",
    "queries/instances.py",
    "queries/delivery_pair.py",
    "queries/rollups/",
    "queries/privacy/release_tables.py",
    "queries/stored_questions.py",  # writes, while publishing
    "data/",
)
NOT_OUTSIDE = (
    "duckdb", "data.duckdb_sql", "queries.compiler", "queries.context", "queries.rollups", "queries.reference",
    "queries.service._answer", "queries.calculators.registry", "queries.privacy.solver", "queries.privacy.tables",
)  # fmt: skip
# inside queries/, and yet bound like a page: they answer machines
FOR_MACHINES = {"queries/machine_answers.py", "queries/mcp_server.py", "queries/mcp_command.py"}
SHOWING = python_files("components", "briefs", "pages", "server")


def imports(module: ast.Module) -> Iterator[str]:
    """Yield the dotted names that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(module: ast.Module) -> Iterator[str]:
    """Yield the names of the functions and methods that a module calls."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def paths_to_rows(path: str, module: ast.Module) -> Iterator[str]:
    """Yield what a module does to get rows without the service."""
    imported, called = set(imports(module)), set(calls(module))
    if not path.startswith(("queries/", "data/")) or path in FOR_MACHINES:
        yield from (name for name in imported if name.startswith(NOT_OUTSIDE))
    if "open_store" in called and path not in CALL_OPEN_STORE:
        yield "open_store"
    if "queries.calculators.registry.rows_of" in imported and not path.startswith(CALL_ROWS_OF):
        yield "rows_of"
    if {"execute", "executemany"} & called and not path.startswith(EXECUTE):
        yield "execute"


def test_no_module_reads_rows_without_the_service():
    read = {relative(path): sorted(paths_to_rows(relative(path), tree(path))) for path in python_files()}
    assert read
    assert {path: names for path, names in read.items() if names} == {}


def test_the_modules_that_may_open_the_store_only_read_what_describes_a_delivery():
    for path in SHOWING:
        if relative(path) in OPENERS:
            methods = {
                node.func.attr
                for node in ast.walk(tree(path))
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Call)
                and ast.unparse(node.func.value.func) == "open_store"
            }
            assert methods == set(), path


def test_every_module_for_machines_is_bound():
    importers = {
        relative(path)
        for path in python_files("queries")
        if any(name.startswith("mcp.") for name in imports(tree(path)))
    }
    assert importers == {"queries/mcp_server.py"}
    assert {relative(path) for path in python_files("queries")} >= FOR_MACHINES


@pytest.mark.parametrize("path", ["components/new_page.py", "queries/machine_answers.py"])
@pytest.mark.parametrize(
    "code",
    [
        "import duckdb",
        "from queries.context import QueryContext",
        "from queries.database import open_store\nopen_store('x').rows('select 1')",
        "from queries.calculators.registry import rows_of",
        "def f(connection):\n    connection.execute('select 1')",
    ],
)
def test_the_check_sees_each_path(path, code):
    assert list(paths_to_rows(path, ast.parse(code)))
