"""Decide which rows of a table do not count: exact duplicates, conflicting rows, and rows that break a rule.

Works on the tables and views of validate.py: `<table>` with `row_id`, `set_aside_<table>`, `accepted_<table>`.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from duckdb import DuckDBPyConnection as Connection

from data import duckdb_sql, ledger
from data.contract import EXAMPLE, Table
from data.duckdb_sql import Sql, fetch_row, insert, joined, literal, quoted, run, sql
from data.errors import counted, shown
from data.match_names import reasons_counted
from data.report import TableReport

CONFLICT = "another row has the same {key} and other content"
EXAMPLE_ROW = "the template's example row"


def duplicates(connection: Connection, table: Table) -> str | None:
    """Exclude exact duplicates, all but the first, without a reason, and rows with the same key and other content with one.

    Returns the sentence that refuses the delivery if there are conflicting rows.
    """
    parts = {"table": table.name, "key": quoted(table.key), "aside": f"set_aside_{table.name}"}
    content = joined(", ", [*(quoted(column.name) for column in table.columns), Sql("unreadable")])
    run(
        connection,
        "create or replace temp table repeated as select {key} as repeated_key from {table}"
        " where {key} is not null group by {key} having count(*) > 1",
        **parts,
    )
    run(
        connection,
        "create or replace temp table distinct_rows as select min(row_id) as row_id, {key} as distinct_key"
        " from {table} where {key} in (select repeated_key from repeated) group by {content}",
        **parts,
        content=content,
    )
    run(
        connection,
        "insert into {aside} select row_id, null from {table}"
        " where {key} in (select repeated_key from repeated) and row_id not in (select row_id from distinct_rows)",
        **parts,
    )
    run(
        connection,
        "create or replace temp table conflicting as select distinct_key from distinct_rows group by distinct_key having count(*) > 1",
    )
    number = fetch_row(connection, "select count(*) from conflicting")[0]
    if not number:
        return None
    run(
        connection,
        "insert into {aside} select row_id, $reason from distinct_rows where distinct_key in (select distinct_key from conflicting)",
        {"reason": CONFLICT.format(key=table.key)},
        **parts,
    )
    examples = run(connection, "select distinct_key from conflicting order by distinct_key limit 3").fetchall()
    return (
        f"{table.name}: {counted(number, f'{table.key} has', f'{table.key}s have')} two or more rows with different"
        f" content: {', '.join(shown(row[0], 40) for row in examples)}{' and more' if number > 3 else ''}."
    )


def rule_breakers(
    connection: Connection, name: str, key: str, *, delivered_on: date, earliest: date, skipped: Container[str] = ()
) -> None:
    """Exclude the rows that break a rule of `rules/<table>.sql` or could not be cast, with every reason.

    Args:
        connection: The working database.
        name: The table.
        key: Its key column.
        delivered_on: The delivery's date.
        earliest: Dates before it are mistakes.
        skipped: Reasons that do not apply to this delivery.
    """
    parameters = {"delivered_on": delivered_on, "earliest": earliest}
    rules = duckdb_sql.sql_file("rules", f"{name}.sql")
    described = run(connection, "describe {rules}", parameters, rules=rules).fetchall()
    reasons = [row[0] for row in described if row[0] != "row_id" and row[0] not in skipped]
    cases = (
        sql("case when {rule} then {reason} end", rule=reason, reason=literal(_in_words(reason, earliest)))
        for reason in reasons
    )
    run(
        connection,
        "create or replace temp table broken as select row_id, concat_ws('; ', {cases}) as reasons"
        " from ({rules}) as rules where {any}",
        parameters,
        cases=joined(", ", cases),
        rules=rules,
        any=joined(" or ", map(quoted, reasons)),
    )
    run(connection, "insert into broken select row_id, problems from {name} where problems is not null", name=name)
    run(
        connection,
        "insert into broken select row_id, $reason from {name} where {key} = $example",
        {"reason": EXAMPLE_ROW, "example": EXAMPLE},
        name=name,
        key=key,
    )
    _broken(connection, name)
    if name == "funding" and (beyond := ledger.overspent(connection)):
        run(connection, "delete from broken")
        insert(connection, "broken", [[row_id, ledger.REASON] for row_id in beyond])
        _broken(connection, name)


def _in_words(reason: str, earliest: date) -> str:
    """Put the earliest date into a reason; a January 1 as its year."""
    is_new_year = (earliest.month, earliest.day) == (1, 1)
    return reason.replace("{earliest}", str(earliest.year if is_new_year else earliest))


def _broken(connection: Connection, name: str) -> None:
    """Move the rows in `broken` to the excluded rows, each with all its reasons. Duplicates stay duplicates."""
    run(
        connection,
        "insert into {aside} select row_id, string_agg(reasons, '; ' order by reasons) from broken"
        " where row_id not in (select row_id from {aside}) group by row_id",
        aside=f"set_aside_{name}",
    )


def count(connection: Connection, name: str, counts: TableReport) -> None:
    """Fill in a table's counts and check that every row read is in one of them."""
    rows = run(
        connection,
        "select reasons, count(*) from {aside} where reasons is not null group by reasons",
        aside=f"set_aside_{name}",
    ).fetchall()
    counts.quarantined = sum(number for _, number in rows)
    counts.reasons = reasons_counted(rows)
    counts.duplicates = fetch_row(
        connection, "select count(*) from {aside} where reasons is null", aside=f"set_aside_{name}"
    )[0]
    counts.accepted = fetch_row(connection, "select count(*) from {accepted}", accepted=f"accepted_{name}")[0]
    if counts.read != counts.accepted + counts.quarantined + counts.duplicates:
        raise AssertionError(f"{name}: {counts.read} rows read, but not all are accounted for")
