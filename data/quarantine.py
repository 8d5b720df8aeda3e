"""Decide which rows of a table do not count: exact duplicates, conflicting rows, and rows that break a rule.

Works on the tables and views of validate.py: `<table>` with `row_id`, `set_aside_<table>`, `accepted_<table>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from cachetools import LRUCache, cached
from duckdb import DuckDBPyConnection as Connection

from data import duckdb_sql, ledger
from data.contract import EXAMPLE, Table
from data.duckdb_sql import Sql, fetch_row, insert, joined, literal, quoted, run, sql
from data.errors import counted, shown
from data.match_names import reasons_counted
from data.progress import Progress, silent
from data.report import TableReport

CONFLICT = "another row has the same {key} and other content"
EXAMPLE_ROW = "the template's example row"
MOST_EXAMPLES = 3  # of the keys in conflict


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the rules of a delivery depend on.

    Attributes:
        delivered_on: The delivery's date.
        earliest: Dates before it are mistakes.
        skipped: Reasons that do not apply to this delivery.
    """

    delivered_on: date
    earliest: date
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conflicts:
    """The keys of a table with rows of different content: how many, and the first of them."""

    number: int = 0
    examples: tuple[str, ...] = ()

    def sentence(self, table: Table) -> str:
        """Return the sentence that refuses the delivery."""
        return (
            f"{table.name}: {counted(self.number, f'{table.key} has', f'{table.key}s have')} two or more rows with different"
            f" content: {', '.join(shown(key, 40) for key in self.examples)}{' and more' if self.number > MOST_EXAMPLES else ''}."
        )


def decide(
    connection: Connection, tables: Sequence[Table], limits: Limits, progress: Progress = silent
) -> dict[str, Conflicts]:
    """Exclude duplicates, conflicting rows and rows that break a rule, of tables in the contract's order.

    Completions are compared with their enrollments, so both must be in this database.

    Returns:
        The keys in conflict, by table.
    """
    conflicts = {table.name: Conflicts() for table in tables}
    filled = {table.name for table in tables if fetch_row(connection, "select exists (from {t})", t=table.name)[0]}
    for table in (table for table in tables if table.name in filled):
        progress(f"Looking for duplicates in {table.name}")
        conflicts[table.name] = duplicates(connection, table)
    for table in tables:
        if table.name in filled:
            progress(f"Applying the rules to {table.name}")
            rule_breakers(connection, table.name, table.key, limits)
        if table.name == "enrollments":
            _note_quarantined_enrollments(connection)
    return conflicts


def duplicates(connection: Connection, table: Table) -> Conflicts:
    """Exclude exact duplicates, all but the first, without a reason, and rows with the same key and other content with one."""
    parts = {"table": table.name, "key": quoted(table.key), "aside": f"set_aside_{table.name}"}
    content = joined(", ", [*(quoted(column.name) for column in table.columns), Sql("unreadable")])
    repeated = _changed(
        connection,
        "create or replace temp table repeated as select {key} as repeated_key from {table}"
        " where {key} is not null group by {key} having count(*) > 1",
        **parts,
    )
    if not repeated:
        return Conflicts()
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
    number = _changed(
        connection,
        "create or replace temp table conflicting as select distinct_key from distinct_rows group by distinct_key having count(*) > 1",
    )
    if not number:
        return Conflicts()
    run(
        connection,
        "insert into {aside} select row_id, $reason from distinct_rows where distinct_key in (select distinct_key from conflicting)",
        {"reason": CONFLICT.format(key=table.key)},
        **parts,
    )
    examples = run(
        connection, "select distinct_key from conflicting order by distinct_key limit $most", {"most": MOST_EXAMPLES}
    ).fetchall()
    return Conflicts(number, tuple(key for (key,) in examples))


def rule_breakers(connection: Connection, name: str, key: str, limits: Limits) -> None:
    """Exclude the rows that break a rule of `rules/<table>.sql` or could not be cast, with every reason.

    Args:
        connection: The working database.
        name: The table.
        key: Its key column.
        limits: What the rules depend on.
    """
    parameters = {"delivered_on": limits.delivered_on, "earliest": limits.earliest}
    rules = duckdb_sql.sql_file("rules", f"{name}.sql")
    reasons = [reason for reason in _reasons(connection, rules, parameters) if reason not in limits.skipped]
    cases = (
        sql("case when {rule} then {reason} end", rule=reason, reason=literal(_in_words(reason, limits.earliest)))
        for reason in reasons
    )
    broken = _changed(
        connection,
        "create or replace temp table broken as select row_id, concat_ws('; ', {cases}) as reasons"
        " from ({rules}) as rules where {any}",
        parameters,
        cases=joined(", ", cases),
        rules=rules,
        any=joined(" or ", map(quoted, reasons)),
    )
    broken += _changed(
        connection, "insert into broken select row_id, problems from {name} where problems is not null", name=name
    )
    broken += _changed(
        connection,
        "insert into broken select row_id, $reason from {name} where {key} = $example",
        {"reason": EXAMPLE_ROW, "example": EXAMPLE},
        name=name,
        key=key,
    )
    if broken:
        _broken(connection, name)
    if name == "funding" and (beyond := ledger.overspent(connection)):
        run(connection, "delete from broken")
        insert(connection, "broken", [[row_id, ledger.REASON] for row_id in beyond])
        _broken(connection, name)


@cached(LRUCache(20), key=lambda _connection, rules, _parameters: rules, lock=Lock())
def _reasons(connection: Connection, rules: Sql, parameters: dict[str, date]) -> tuple[str, ...]:
    """Return the reasons that the rules of a table give: their columns, which are the same for every delivery."""
    described = run(connection, "describe {rules}", parameters, rules=rules).fetchall()
    return tuple(row[0] for row in described if row[0] != "row_id")


def _changed(connection: Connection, template: str, parameters: object = None, **parts: str) -> int:
    """Run a statement that creates a table or inserts into one. Return the number of its rows."""
    return int(fetch_row(connection, template, parameters, **parts)[0])


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


def _note_quarantined_enrollments(connection: Connection) -> None:
    """Create the table `quarantined_enrollments` (enrollment_id), which the rules of completions need."""
    connection.execute(
        "create table quarantined_enrollments as select distinct e.enrollment_id from enrollments as e"
        " join set_aside_enrollments as s on s.row_id = e.row_id where s.reasons is not null"
        " and e.enrollment_id is not null"
    )


def accepted(connection: Connection, name: str) -> int:
    """Return how many rows of a table count."""
    return int(fetch_row(connection, "select count(*) from {accepted}", accepted=f"accepted_{name}")[0])


def count(connection: Connection, name: str, counts: TableReport, accepted_rows: int) -> None:
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
    counts.accepted = accepted_rows
    if counts.read != counts.accepted + counts.quarantined + counts.duplicates:
        raise AssertionError(f"{name}: {counts.read} rows read, but not all are accounted for")
