"""The SQL files, read and put one behind another as named steps. Nothing but these files ever becomes SQL text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
BETWEEN = ("by_resident", "by_support")  # steps in queries/sql/base that only some tails read
_PARAMETER = re.compile(r"\$(\w+)")


@cache
def read(folder: str, name: str) -> str:
    """The text of queries/<folder>/<name>.sql."""
    return (FOLDER / folder / f"{name}.sql").read_text(encoding="utf-8").strip()


@cache
def compose(*, base: str, fact: str, named: str, agg: str) -> str:
    """One whole query: the scoped rows, what is counted of them, the key each falls under, and the tail that counts.

    All four name files: base and named in queries/sql/base (see queries/sources.py), the others in their own folders. A tail
    that reads a step of `BETWEEN` gets it.
    """
    last = read("sql/aggregations", agg)
    steps = {
        base: read("sql/base", base),
        "counted": read("sql/facts", fact),
        "named": read("sql/base", named),
        "keyed": read("sql/base", "keyed"),
        **{step: read("sql/base", step) for step in BETWEEN if re.search(rf"\bfrom {step}\b", last)},
    }
    return chain(steps, last)


def chain(steps: Mapping[str, str], last: str) -> str:
    """One whole query of named steps, each reading those before it, and the statement that ends it."""
    listed = ",\n\n".join(f"{name} as (\n{_indent(text)}\n)" for name, text in steps.items())
    return f"with\n{listed}\n\n{last}"


def used(query: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the parameters that the query names (DuckDB refuses the others)."""
    code = "\n".join(line.split("--", 1)[0] for line in query.splitlines())
    names = set(_PARAMETER.findall(code))
    return {name: value for name, value in parameters.items() if name in names}


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())
