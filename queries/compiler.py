"""The SQL files, read and composed as named steps of one query. Only these files ever become SQL text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
OPTIONAL_STEPS = ("by_resident", "by_support")  # steps in queries/sql/base that only some aggregations read
_PARAMETER = re.compile(r"\$(\w+)")


@cache
def read(folder: str, name: str) -> str:
    """Return the text of queries/<folder>/<name>.sql."""
    return (FOLDER / folder / f"{name}.sql").read_text(encoding="utf-8").strip()


@cache
def compose(*, base: str, fact: str, dimension: str, agg: str) -> str:
    """Compose one query: the rows in scope, the event counted, the key of each event, and the aggregation.

    Args:
        base: A file in queries/sql/base with the rows in scope (see queries/sources.py).
        fact: A file in queries/sql/facts.
        dimension: A file in queries/sql/base with the values of the breakdown.
        agg: A file in queries/sql/aggregations. It gets each step of `OPTIONAL_STEPS` that it reads.
    """
    last = read("sql/aggregations", agg)
    steps = {
        base: read("sql/base", base),
        "fact": read("sql/facts", fact),
        "dimension": read("sql/base", dimension),
        "with_dimension": read("sql/base", "with_dimension"),
        **{step: read("sql/base", step) for step in OPTIONAL_STEPS if re.search(rf"\bfrom {step}\b", last)},
    }
    return chain(steps, last)


def chain(steps: Mapping[str, str], last: str) -> str:
    """Compose one query of named steps, each of which may read the steps before it, and a final statement."""
    listed = ",\n\n".join(f"{name} as (\n{_indent(text)}\n)" for name, text in steps.items())
    return f"with\n{listed}\n\n{last}"


def used(query: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters that the query names; DuckDB refuses the others."""
    code = "\n".join(line.split("--", 1)[0] for line in query.splitlines())
    names = set(_PARAMETER.findall(code))
    return {name: value for name, value in parameters.items() if name in names}


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" if line else line for line in text.splitlines())
