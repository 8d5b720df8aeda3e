"""The problems of a delivery, for whoever has to mend them: where, what stands there, how to fix it, what follows from what."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data import contract, reference, suggestions
from data.checked import Checked
from data.contract import Table
from data.engine import Sql, insert, quoted, run, sql
from data.faults import counted
from data.masking import masked
from data.report import Problem

FILE = Path(__file__).parent / "fixes.toml"
FIRST_ROWS = 5


@dataclass(frozen=True)
class _Fix:
    pattern: re.Pattern[str]
    how: str
    column: str
    is_consequence: bool


@cache
def _fixes() -> tuple[_Fix, ...]:
    every = tomllib.loads(FILE.read_text(encoding="utf-8"))["fix"]
    return tuple(
        _Fix(re.compile(e["pattern"]), e["how"], e.get("column", ""), e.get("is_consequence", False)) for e in every
    )


def fix_for(reason: str) -> tuple[str, str, bool]:
    """How to mend what a reason says, the column it is about ("" for none), and whether it follows from another problem."""
    fix, match = next((f, m) for f in _fixes() if (m := f.pattern.fullmatch(reason)))
    return fix.how, fix.column or match.groupdict().get("column") or "", fix.is_consequence


def find(checked: Checked) -> list[Problem]:
    """Every reason for which rows were excluded, table by table; causes first, then by the number of rows."""
    every = [problem for name in checked.sources for problem in _of_table(checked, checked.tables[name])]
    return sorted(every, key=lambda problem: (bool(problem.follows_from), -problem.rows, problem.table, problem.problem))


def _of_table(checked: Checked, table: Table) -> Iterator[Problem]:
    reasons = run(
        checked.connection,
        "select reason, count(*), list_slice(list(row_id order by row_id), 1, $first) from (select row_id,"
        " unnest(string_split(reasons, '; ')) as reason from {aside} where reasons is not null) as each"
        " group by reason",
        {"first": FIRST_ROWS},
        aside=f"set_aside_{table.name}",
    ).fetchall()
    source = checked.sources[table.name]
    values = _values(checked, table, [(fix_for(reason)[1], rows[0]) for reason, _, rows in reasons])
    for reason, number, rows in reasons:
        how, column, is_consequence = fix_for(reason)
        places = [source.locate(row + 1) for row in rows]
        value = masked(values.get((column, rows[0]), ""))
        yield Problem(
            table=table.name, file=masked(places[0][0]), rows=number, row_numbers=tuple(row for _, row in places),
            column=column, value=value[:80], problem=masked(reason), how_to_fix=how,
            suggestion=_suggestion(checked, table, column, value) if reason.startswith("unknown ") else "",
            follows_from=_cause(checked) if is_consequence else "",
        )  # fmt: skip


def _cause(checked: Checked) -> str:
    excluded = checked.report.tables["enrollments"].quarantined
    return f"follows from {counted(excluded, 'excluded enrollment')}"


def _suggestion(checked: Checked, table: Table, name: str, value: str) -> str:
    column = table.column(name)
    vocabulary = (column.names or "") if column else ""
    if not value or vocabulary not in (*contract.CLOSED, *contract.REFERENCED):
        return ""
    return suggestions.value(value, vocabulary, reference.names(checked.known, vocabulary)) or ""


def _values(checked: Checked, table: Table, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What stands in a column of a row, as it came, by (column, row id): the source is gone through once for all of them."""
    source = checked.sources[table.name]
    keys = {column: source.columns[column][0] for column, _ in wanted if column in source.columns}
    if not keys:
        return {}
    run(checked.connection, "create or replace temp table wanted (row_id bigint)")
    insert(checked.connection, quoted("wanted"), [[row] for row in sorted({row for _, row in wanted})])
    cells = Sql(", ").join(sql("cast(n.{key} as varchar)", key=key) for key in keys.values())
    rows = run(
        checked.connection,
        "select n.row_of_table - 1, {cells} from (select s.*, row_number() over () as row_of_table from {rows} as s) as n"
        " where n.row_of_table - 1 in (select row_id from wanted)",
        source.parameters,
        cells=Sql(cells),
        rows=source.relation,
    ).fetchall()
    return {(column, row_id): value for row_id, *found in rows for column, value in zip(keys, found, strict=True) if value}
