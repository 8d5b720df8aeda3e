"""A delivery's problems: where they are, the value, how to fix them, and which ones are consequences of others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from data import contract, reference, suggestions
from data.checked import Checked
from data.contract import Table
from data.duckdb_sql import Sql, fetch_row, insert, joined, literal, quoted, run, sql
from data.errors import counted, listed
from data.masking import masked
from data.quarantine import CONFLICT
from data.report import Problem

FILE = Path(__file__).parent / "fixes.toml"
FIRST_ROWS = 5
_MOST_NAMES = 12


@dataclass(frozen=True)
class Fix:
    """How to fix the rows with one reason.

    Attributes:
        how: What to do.
        column: The column that the reason is about; empty if there is none.
        is_consequence: Whether the problem goes away once another row is fixed.
    """

    how: str
    column: str = ""
    is_consequence: bool = False


@cache
def _fixes() -> tuple[tuple[re.Pattern[str], Fix], ...]:
    every = tomllib.loads(FILE.read_text(encoding="utf-8"))["fix"]
    return tuple(
        (
            re.compile(entry["pattern"], re.DOTALL),
            Fix(**{name: value for name, value in entry.items() if name != "pattern"}),
        )
        for entry in every
    )


def fix_for(reason: str) -> Fix:
    """Return how to fix the rows with a reason, from the first pattern that matches it."""
    fix, match = next((fix, match) for pattern, fix in _fixes() if (match := pattern.fullmatch(reason)))
    return replace(fix, column=fix.column or match.groupdict().get("column") or "")


def find(checked: Checked) -> list[Problem]:
    """Return every reason for which rows were excluded: causes first, then by number of rows, in the same order each time."""
    every = [problem for name in checked.sources for problem in _of_table(checked, checked.tables[name])]
    return sorted(every, key=_order)


def _order(problem: Problem) -> tuple[object, ...]:
    return (
        bool(problem.follows_from), -problem.rows, problem.table, problem.problem, problem.file, problem.row_numbers,
    )  # fmt: skip


def _of_table(checked: Checked, table: Table) -> Iterator[Problem]:
    groups = _groups(checked, table)
    source = checked.sources[table.name]
    values = _values(checked, table, [(fix_for(reason).column, rows[0]) for reason, _, rows in groups])
    for reason, number, rows in groups:
        fix = fix_for(reason)
        how, column = fix.how, fix.column
        places = [source.locate(row + 1) for row in rows]
        value = values.get((column, rows[0]), "")
        if reason == CONFLICT.format(key=table.key):
            how = f"{_difference(checked, table, rows[0])} {how}"
        yield Problem(
            table=table.name, file=masked(places[0][0]), rows=number, row_numbers=tuple(row for _, row in places),
            column=column, value=masked(value)[:80], problem=masked(reason), how_to_fix=how,
            suggestion=suggestion(checked, table, column, value) if reason.startswith("unknown ") else "",
            follows_from=_cause(checked) if fix.is_consequence else "",
        )  # fmt: skip


def _groups(checked: Checked, table: Table) -> list[tuple[str, int, list[int]]]:
    """Return each reason with its number of rows and the first of them. The most common unknown names are separate groups."""
    reasons = [row[0] for row in run(
        checked.connection,
        "select distinct unnest(string_split(reasons, '; ')) from {aside} where reasons is not null", aside=f"set_aside_{table.name}",
    ).fetchall()]  # fmt: skip
    unknown = {
        reason: column for reason in reasons if reason.startswith("unknown ") and (column := fix_for(reason).column)
    }
    cases = joined(" ", (
        sql("when {reason} then cast(t.{column} as varchar)", reason=literal(reason), column=column)
        for reason, column in unknown.items() if table.column(column)
    ))  # fmt: skip
    return run(
        checked.connection,
        "select reason, sum(number)::bigint, list_slice(list_sort(flatten(list(rows))), 1, $first) from"
        " (select reason, count(*) as number, list_slice(list(row_id order by row_id), 1, $first) as rows,"
        " case when row_number() over (partition by reason order by count(*) desc, name) <= $most then name end as shown_name"
        " from (select each.row_id, each.reason, {name} as name from (select row_id, unnest(string_split(reasons, '; ')) as reason"
        " from {aside} where reasons is not null) as each join {table} as t on t.row_id = each.row_id) as named"
        " group by reason, name) as groups group by reason, shown_name",
        {"first": FIRST_ROWS, "most": _MOST_NAMES},
        aside=f"set_aside_{table.name}",
        table=table.name,
        name=sql("case each.reason {cases} end", cases=cases) if cases else Sql("cast(null as varchar)"),
    ).fetchall()


def _difference(checked: Checked, table: Table, row: int) -> str:
    """Say in which columns the rows with one key differ."""
    differ = joined(
        ", ", (sql("count(distinct coalesce(cast({c} as varchar), '')) > 1", c=c.name) for c in table.columns)
    )
    flags = fetch_row(
        checked.connection,
        "select {differ} from {table} where {key} = (select {key} from {table} where row_id = $row)",
        {"row": row}, differ=differ, table=table.name, key=table.key,
    )  # fmt: skip
    columns = [column.name for column, flag in zip(table.columns, flags, strict=True) if flag]
    return f"They differ in {listed(columns, 6)}." if columns else "They differ in values that cannot be read."


def _cause(checked: Checked) -> str:
    excluded = checked.report.tables["enrollments"].quarantined
    return f"follows from {counted(excluded, 'excluded enrollment')}"


def suggestion(checked: Checked, table: Table, name: str, value: str) -> str:
    """Return the known name that a column's value may stand for, or ""."""
    column = table.column(name)
    vocabulary = (column.names or "") if column else ""
    if not value or vocabulary not in (*contract.CLOSED, *contract.REFERENCED):
        return ""
    return suggestions.value(value, vocabulary, reference.names(checked.known, vocabulary)) or ""


def _values(checked: Checked, table: Table, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return raw values by (column, row id), for all wanted columns and rows in one scan of the source."""
    source = checked.sources[table.name]
    keys = {column: key for column, _ in wanted if (key := source.as_sent(column))}
    if not keys:
        return {}
    run(checked.connection, "create or replace temp table wanted (row_id bigint)")
    insert(checked.connection, quoted("wanted"), [[row] for row in sorted({row for _, row in wanted})])
    cells = Sql(", ").join(sql("cast(n.{key} as varchar)", key=key) for key in keys.values())
    rows = run(
        checked.connection,
        "select n.row_of_table - 1, {cells} from {rows} as n where n.row_of_table - 1 in (select row_id from wanted)",
        source.parameters,
        cells=Sql(cells),
        rows=source.numbered,
    ).fetchall()
    return {
        (column, row_id): value for row_id, *values in rows for column, value in zip(keys, values, strict=True) if value
    }
