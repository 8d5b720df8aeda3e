"""Read the repository's Python code as syntax trees, for the tests of its architecture."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("data", "queries", "components", "briefs", "server", "pages")
SCRIPTS = ("dashboard.py", "serve.py")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def relative(path: Path) -> str:
    """Return a file's path within the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Return the Python files of some folders, or of everything that runs in production, with the scripts at the top."""
    files = [path for folder in folders or PACKAGES for path in sorted((ROOT / folder).rglob("*.py"))]
    return (*files, *(ROOT / name for name in SCRIPTS))


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(module: ast.Module) -> Iterator[Function]:
    """Yield every function and method."""
    return (node for node in ast.walk(module) if isinstance(node, Function))


def module_name(path: Path) -> str:
    """Return the dotted name a file is imported by."""
    return relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a tree's nodes, without the blocks that only a type checker reads."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from runtime_nodes(child)


def imported_modules(node: ast.Import | ast.ImportFrom, known: frozenset[str]) -> Iterator[str]:
    """Yield the repository's modules that an import statement loads. known: the dotted names of all of them."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
        return
    for alias in node.names:
        submodule = f"{node.module}.{alias.name}"
        if submodule in known:
            yield submodule
        elif node.module in known:
            yield str(node.module)


def import_graph() -> dict[str, set[str]]:
    """Return, for every module, the modules it imports at any time: at its start or inside a function."""
    modules = {module_name(path): path for path in python_files()}
    known = frozenset(modules)
    return {
        name: {
            target
            for node in runtime_nodes(tree(path))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for target in imported_modules(node, known)
            if target != name
        }
        for name, path in modules.items()
    }


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or through others."""
    reachable: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        pending = [start]
        while pending:
            for target in graph[pending.pop()] - seen:
                seen.add(target)
                pending.append(target)
        reachable[start] = seen
    groups = {
        frozenset(other for other in seen if name in reachable[other])
        for name, seen in reachable.items()
        if name in seen
    }
    return sorted(sorted(group) for group in groups)


@cache
def sql_functions() -> frozenset[str]:
    """Return the names of functions that take SQL: DuckDB's, and the repository's with a text parameter of such a name."""
    takers = {"execute", "executemany", "sql", "query"}
    for path in python_files("data", "queries"):
        for function in functions(tree(path)):
            texts = {
                argument.arg
                for argument in function.args.args
                if argument.annotation and ast.unparse(argument.annotation) == "str"
            }
            takers |= {function.name.lstrip("_")} if texts & {"template", "query", "statement"} else set()
    return frozenset(takers)


def is_text(expression: ast.expr) -> bool:
    """Return whether an expression is a string literal, with or without parts filled in."""
    return isinstance(expression, ast.JoinedStr) or (
        isinstance(expression, ast.Constant) and isinstance(expression.value, str)
    )


def is_built(expression: ast.expr, built: set[str]) -> bool:
    """Return whether an expression is text put together from parts. built: the variables that hold such text."""
    if isinstance(expression, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in expression.values)
    if isinstance(expression, ast.Name):
        return expression.id in built
    if isinstance(expression, ast.IfExp):
        return is_built(expression.body, built) or is_built(expression.orelse, built)
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add | ast.Mod):
        return any(is_text(side) or is_built(side, built) for side in (expression.left, expression.right))
    if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Attribute):
        text = expression.func.value
        return expression.func.attr in ("format", "join", "replace") and (is_text(text) or is_built(text, built))
    return False


def assignments(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    """Yield (variable, value) of every assignment to a plain name."""
    for node in nodes:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.BinOp(ast.Constant(""), ast.Add(), node.value)


def built_names(nodes: Iterable[ast.AST], built: set[str]) -> set[str]:
    """Return the variables that hold text put together from parts, also by way of another variable."""
    pairs = list(assignments(nodes))
    for _ in pairs:
        built = built | {name for name, value in pairs if is_built(value, built)}
    return built


def sql_from_strings(module: ast.Module) -> Iterator[int]:
    """Yield the lines that hand text put together from parts to a function that takes SQL."""
    constants = built_names(module.body, set())
    for scope in (module, *functions(module)):
        built = constants if scope is module else built_names(ast.walk(scope), constants)
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            values = [
                *call.args[:2],
                *(keyword.value for keyword in call.keywords if keyword.arg in ("template", "query")),
            ]
            if function.lstrip("_") in sql_functions() and any(is_built(value, built) for value in values):
                yield call.lineno
