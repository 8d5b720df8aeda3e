"""Number the residents across a delivery's rows, and combine the groups that they report.

A resident counts in a group if any application says so, and has answered if any application answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from data.duckdb_sql import Sql, fetch_row, joined, run, sql
from data.reference import Row

_BIT = "case when {test} then {bit} else 0 end"


def number(connection: duckdb.DuckDBPyConnection, groups: Iterable[Row]) -> dict[str, int]:
    """Create the view `residents` (participant_id, resident from 1, member_bits, answered_bits).

    Numbers follow the order of the pseudonyms, so that a delivery always gets the same ones.

    Returns:
        How many residents answer differently in different applications, by the group's column.
    """
    # Bits are combined per row first: three aggregates are less work than three for each group.
    members, answered, denied = (
        joined(
            " + ", [Sql("0"), *(sql(_BIT, test=sql(test, group=row["column_name"]), bit=_bit(row)) for row in groups)]
        )
        for test in ("{group}", "{group} is not null", "not {group}")
    )
    run(
        connection,
        "create table answers as select participant_id, cast(bit_or({members}) as integer) as member_bits,"
        " cast(bit_or({answered}) as integer) as answered_bits, cast(bit_or({denied}) as integer) as denied_bits"
        " from accepted_enrollments group by participant_id order by participant_id",
        members=members,
        answered=answered,
        denied=denied,
    )
    # Learners who never applied for a program come last.
    run(
        connection,
        "insert into answers select participant_id, 0, 0, 0 from (select distinct participant_id from accepted_courses"
        " where participant_id not in (select participant_id from answers)) as learners order by participant_id",
    )
    run(
        connection,
        "create view residents as select participant_id, cast(rowid + 1 as integer) as resident, member_bits,"
        " answered_bits from answers",
    )
    return _differing(connection, groups)


def _bit(group: Row) -> Sql:
    return Sql(str(int(group["bit"])))


def _differing(connection: duckdb.DuckDBPyConnection, groups: Iterable[Row]) -> dict[str, int]:
    test = "count(*) filter (member_bits & {bit} = {bit} and denied_bits & {bit} = {bit})"
    bits = {row["column_name"]: _bit(row) for row in groups}
    tests = joined(", ", (sql(test, bit=bit) for bit in bits.values()))
    numbers = fetch_row(connection, "select {tests} from answers", tests=tests) if bits else ()
    return dict(zip(bits, map(int, numbers), strict=True))


def alike(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many of the numbered residents have a pseudonym that only differs from another's as `shape` allows."""
    query = "select count(*) - count(distinct {shape}) from answers"
    return int(fetch_row(connection, query, shape=shape("participant_id"))[0])


def shape(column: str) -> Sql:
    """Return SQL for an id without what programs change in ids: case, blanks, hyphens and zeros at the start."""
    return sql("ltrim(lower(replace(replace({id}, ' ', ''), '-', '')), '0')", id=column)


def alike_notice(alike: int) -> list[str]:
    """Return a notice if there are pseudonyms like others."""
    if not alike:
        return []
    ids, count = (
        ("1 id differs from another", "Both count")
        if alike == 1
        else (f"{alike:,} ids differ from others", "All count")
    )
    return [
        f"participant_id: {ids} only in case, blanks, hyphens or zeros at the start, in the same table or in two."
        f" {count} as different residents. If they are not, export the ids alike."
    ]


def notices(differing: Mapping[str, int], groups: Iterable[Row]) -> list[str]:
    """Return a notice for each group about which residents answer differently in different applications.

    Args:
        differing: How many residents, by the group's column.
        groups: The rows of the reference table, which name the groups.
    """
    labels = {row["column_name"]: str(row["label"]) for row in groups}
    sentences = []
    for group, residents in differing.items():
        if residents:
            they, them = (
                ("resident answers", "this one counts") if residents == 1 else ("residents answer", "they count")
            )
            sentences.append(
                f"{residents:,} {they} “{labels.get(group, group)}” differently in different applications;"
                f" {them} in the group if any application says so."
            )
    return sentences
