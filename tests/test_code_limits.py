"""Check the limits that keep the code readable: no import cycle, no hidden import, few `Any`, short files and functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.source_code import Function, cycles, functions, import_graph, python_files, relative, runtime_nodes, tree

MOST_LINES_IN_A_FILE = 250
MOST_LINES_IN_A_FUNCTION = 60
MOST_ANY = 30

# What may be imported inside a function, and why there.
IMPORTED_LATE = {
    ("queries", "scipy"): "takes over a second; most questions need none of it",
    ("components/data_table.py", "pandas"): "takes 80 MB of a server; only files need it",
    ("briefs/writers.py", "briefs"): "loads Typst, python-pptx and XlsxWriter, 20 MB of a server; only files need them",
    ("data/__main__.py", "queries"): "only publishing needs it, and every command would wait for it",
    ("data/areas.py", "data"): "loads shapely, a fifth of a second; only publishing and a layout's boundaries need it",
    ("queries/mcp_command.py", "queries"): "needs the package mcp, which serving pages does without",
    (
        "queries/privacy/release.py",
        "queries",
    ): "loads scipy and HiGHS, a fifth of a second; a small delivery is not audited",
    ("data/workbooks.py", "openpyxl"): "takes a tenth of a second; only workbooks need it",
    ("data/cluster/read.py", "data"): "needs packages that workers do without where nothing is in an object store",
    ("data/delivery_copy.py", "data"): "needs packages, or a tenth of a second, that local deliveries do without",
    ("serve.py", "server"): "loads Streamlit; wrong options are refused before it",
}


def late_imports(path: Path) -> Iterator[str]:
    """Yield the imports inside a file's functions that nothing in IMPORTED_LATE allows."""
    for function in functions(tree(path)):
        for node in runtime_nodes(function):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            allowed = (
                relative(path).startswith(place) and (module == name or module.startswith(f"{name}."))
                for place, name in IMPORTED_LATE
            )
            if not any(allowed):
                yield f"{relative(path)}:{node.lineno} {ast.unparse(node)}"


def length(function: Function) -> int:
    """Return the number of a function's lines, without its docstring."""
    first = function.body[0]
    docstring = first if ast.get_docstring(function) is not None else None
    return function.end_lineno - function.lineno + 1 - (docstring.end_lineno - docstring.lineno + 1 if docstring else 0)


def annotations(function: Function) -> Iterator[ast.expr]:
    """Yield the types in a function's signature."""
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    yield from (argument.annotation for argument in every if argument and argument.annotation)
    if function.returns:
        yield function.returns


def has_any(annotation: ast.expr) -> bool:
    """Return whether a type holds `Any`."""
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(annotation))


def test_no_modules_import_each_other():
    graph = import_graph()
    assert sum(map(len, graph.values())) > 500
    assert cycles(graph) == []


def test_the_check_sees_a_cycle():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}
    assert cycles(graph) == [["a", "b", "c"]]


def test_no_import_hides_inside_a_function():
    assert [late for path in python_files() for late in late_imports(path)] == []


def test_every_late_import_allowed_is_there():
    modules = {
        (relative(path), node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for path in python_files()
        for function in functions(tree(path))
        for node in runtime_nodes(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for place, name in IMPORTED_LATE:
        assert any(path.startswith(place) and str(module).startswith(name) for path, module in modules), (place, name)


def test_few_signatures_hold_any():
    counts = {
        relative(path): number
        for path in python_files()
        if (number := sum(has_any(kind) for function in functions(tree(path)) for kind in annotations(function)))
    }
    report = "\n".join(f"{number:4} {path}" for path, number in sorted(counts.items(), key=lambda pair: -pair[1]))
    assert sum(counts.values()) <= MOST_ANY, report


def test_files_are_short():
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES_IN_A_FILE} == {}


def test_functions_are_short():
    lengths = {
        f"{relative(path)}:{function.lineno} {function.name}": length(function)
        for path in python_files()
        for function in functions(tree(path))
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_IN_A_FUNCTION} == {}
