"""What is worth knowing about the columns of a typed table: ids cut short, columns without a value, values masked or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from duckdb import DuckDBPyConnection as Connection

from data import dates, masking
from data.cast_columns import Cast, first_given, is_identifier
from data.contract import Table
from data.duckdb_sql import Sql, joined, literal, one, sql
from data.errors import counted, shown
from data.read_files import Source

_SHORT = r"^[+-]?[0-9]([.][0-9]+)?[eE][+][0-9]+$"
# Empty in every row because it cannot have happened yet, which is no sign that a column was not supplied: nobody is enrolled
# before the first exit, and employment in a quarter is known once that quarter is over.
_BEFORE_ANY_EXIT = ("enrolled_on", "started_on")
_MONTHS_UNTIL_KNOWN = {"employed_q2": 9, "employed_q4": 15}


def shortened_ids(connection: Connection, source: Source, casts: Sequence[Cast], typed: str) -> list[str]:
    """A fault for each column of ids in which a spreadsheet or a floating-point type has cut numbers short."""
    ids = [cast for cast in casts if cast.column.kind == "text" and is_identifier(cast.column)]
    tests = [sql("contains({id}, '+') and regexp_matches({id}, {short})", id=cast.column.name, short=literal(_SHORT))
             for cast in ids]  # fmt: skip
    faults = []
    for cast, rows in zip(ids, _counts(connection, typed, tests), strict=True):
        if not rows:
            continue
        name = cast.column.name
        first = first_given(
            connection, source, sql("case when regexp_matches({v}, {s}) then {v} end", v=cast.value, s=literal(_SHORT))
        )
        example = f", such as {shown(first[0])} in {first[1]}" if first else ""
        faults.append(
            f"{source.table}: {name} is a number cut short in {counted(rows, 'row')}{example}. A spreadsheet has shortened"
            " these ids, or a floating-point column has rounded them, and different ids now look alike. Format the column"
            " as text and export again."
        )
    return faults


def not_supplied(
    connection: Connection, sources: Mapping[str, Source], tables: Mapping[str, Table], *, delivered_on: date,
    groups: Iterable[str],
) -> dict[str, list[str]]:  # fmt: skip
    """By table, the columns that the file has and that count as not supplied, because they are empty in every row.

    The columns of `groups` are left out: no answer means that it was not disclosed, which is an answer of its own.
    """
    empty = {name: _empty_columns(connection, source, tables[name]) for name, source in sources.items()}
    usual = {("enrollments", group) for group in groups}
    usual.add(("openings", "closed_on"))  # every opening may still be open
    if "town" not in empty.get("enrollments", ["town"]):
        usual.add(("enrollments", "region"))  # it is for rows without a town
    if not _counts(connection, "completions", [Sql("true")])[0]:
        usual |= {("enrollments", column) for column in _BEFORE_ANY_EXIT}
    for column, months in _MONTHS_UNTIL_KNOWN.items():
        over = sql("date_trunc('quarter', exited_on) + interval {months} months <= cast({day} as date) + interval 1 day",
                   months=Sql(str(months)), day=literal(delivered_on.isoformat()))  # fmt: skip
        if not _counts(connection, "completions", [over])[0]:
            usual.add(("completions", column))
    return {table: [name for name in names if (table, name) not in usual] for table, names in empty.items()}


def _empty_columns(connection: Connection, source: Source, table: Table) -> list[str]:
    """The optional columns that the file has and in which no row holds a value. None where the file has no rows."""
    optional = [column.name for column in table.columns if column.optional and column.name in source.columns]
    rows, *filled = _counts(connection, table.name, [Sql("true"), *(sql("{c} is not null", c=name) for name in optional)])
    return [name for name, number in zip(optional, filled, strict=True) if rows and not number]


def notices(connection: Connection, casts: Sequence[Cast], typed: str, empty: Sequence[str]) -> list[str]:
    """Sentences on the `empty` columns, on dates that stand for none, on names that held a Social Security number and on
    ids that may be some."""
    dated = [(cast, sql("not_known & {bit} > 0", bit=Sql(str(1 << n)))) for n, cast in enumerate(casts) if cast.not_known]
    texts = [cast for cast in casts if cast.column.kind == "text"]
    hidden = [(cast, sql("contains({c}, {mark})", c=cast.column.name, mark=literal(masking.HIDDEN)))
              for cast in texts if not is_identifier(cast.column)]  # fmt: skip
    people = [(cast, sql("regexp_full_match({c}, {nine})", c=cast.column.name, nine=literal(r"\p{Nd}{9}")))
              for cast in texts if cast.column.name == "participant_id"]  # fmt: skip
    numbers = iter(_counts(connection, typed, [test for _, test in (*dated, *hidden, *people)]))
    no_date = {cast.column: n for (cast, _), n in zip(dated, numbers, strict=False)}
    sentences = [(dates.notice(column, counted(n, "row")), n) for column, n in no_date.items()]
    undated = {column.name for column, n in no_date.items() if n}
    sentences += [(f"{_columns([name for name in empty if (name in undated) is is_undated], words)} in every row: not supplied.",
                   any((name in undated) is is_undated for name in empty))
                  for is_undated, words in ((True, ("holds no known date", "hold no known date")), (False, ("is empty", "are empty")))]  # fmt: skip
    sentences += [
        (f"{cast.column.name}: {counted(n, 'row')} held what looks like a Social Security number;"
         " it is masked. Exports should not hold any.", n)
        for (cast, _), n in zip(hidden, numbers, strict=False)
    ]  # fmt: skip
    sentences += [
        (f"participant_id has nine digits in {counted(n, 'row')}, as Social Security numbers do. Make sure that they are"
         " pseudonyms.", n)
        for (_, _), n in zip(people, numbers, strict=False)
    ]  # fmt: skip
    return [sentence for sentence, rows in sentences if rows]


def _columns(names: Sequence[str], verbs: tuple[str, str]) -> str:
    """`The column a is empty`, `The columns a, b are empty`."""
    return f"The column {names[0]} {verbs[0]}" if len(names) == 1 else f"The columns {', '.join(names)} {verbs[1]}"


def _counts(connection: Connection, typed: str, tests: Iterable[Sql]) -> tuple[int, ...]:
    """How many rows pass each test, in one look at the table."""
    numbers = [sql("count(*) filter (where {test})", test=test) for test in tests]
    return one(connection, "select {n} from {t}", n=joined(", ", numbers), t=typed) if numbers else ()
