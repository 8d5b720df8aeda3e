"""Number the residents across a delivery's rows, and combine the groups that they report.

A resident counts in a group if any application says so, and has answered if any application answers.
"""

from __future__ import annotations

import duckdb

from data.duckdb_sql import Sql, fetch_row, joined, run, sql
from data.reference import Row

_BIT = "case when {test} then {bit} else 0 end"


def number(connection: duckdb.DuckDBPyConnection, groups: list[Row]) -> list[str]:
    """Create the view `residents` (participant_id, resident from 1, member_bits, answered_bits). Returns notices.

    Numbers follow the order of the pseudonyms, so that a delivery always gets the same ones.
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
    return [notice for row in groups for notice in _differing(connection, row)]


def _bit(group: Row) -> Sql:
    return Sql(str(int(group["bit"])))


def _differing(connection: duckdb.DuckDBPyConnection, group: Row) -> list[str]:
    bit = group["bit"]
    residents = fetch_row(
        connection,
        "select count(*) from answers where member_bits & $bit = $bit and denied_bits & $bit = $bit",
        {"bit": bit},
    )[0]
    if not residents:
        return []
    they, them = ("resident answers", "this one counts") if residents == 1 else ("residents answer", "they count")
    return [
        f"{residents:,} {they} “{group['column_name']}” differently in different applications;"
        f" {them} in the group if any application says so."
    ]
