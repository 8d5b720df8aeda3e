"""Check columns: against the contract, for zero characters, and once typed for shortened ids, empty columns, masked values and unknown dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from duckdb import DuckDBPyConnection as Connection

from data import dates, masking
from data.cast_columns import Cast, is_identifier
from data.cast_faults import Count, first_given
from data.column_names import in_words, plain
from data.contract import Table
from data.duckdb_sql import Sql, literal, sql
from data.errors import counted, listed, shown
from data.examining import DURATION, UNZONED, ZONED
from data.read_files import Source

_SHORT = r"^[+-]?[0-9]([.][0-9]+)?[eE][+][0-9]+$"
# These columns may be empty in every row because nothing has happened yet, so emptiness does not mean "not supplied". Employment
# in a quarter is known once that quarter is over.
_BEFORE_ANY_EXIT = ("enrolled_on", "started_on")
# Values that are right and may mean something else: the column, another that the test needs, the test, and the notice.
_DOUBTFUL = (
    ("participant_id", "participant_id", sql("regexp_full_match(participant_id, {nine})", nine=literal(r"\p{Nd}{9}")),
     "participant_id has nine digits in {rows}, like a Social Security number. Make sure that these are pseudonyms."),
    ("participant_id", "participant_id",
     sql("contains(participant_id, ' ') and regexp_full_match(participant_id, {name})", name=literal(r"\p{L}[\p{L}'’.-]*(,? +\p{L}[\p{L}'’.-]*)+")),
     "participant_id has only words in {rows}, like a name. Make sure that these are pseudonyms."),
    ("employed_on", "exited_on", Sql("employed_on < exited_on"),
     "employed_on is before exited_on in {rows}: a job that began before the exit. It counts as a job."),
    *((column, column, sql("{column} > 300", column=column),
       f"{column} is above $300 in {{rows}}. It was read as dollars an hour. Make sure that it is not for a week, a month or a year.")
      for column in ("hourly_wage_before", "hourly_wage_after")),
)  # fmt: skip
_MONTHS_UNTIL_KNOWN = {"employed_q2": 9, "employed_q4": 15}


def short_tests(casts: Iterable[Cast]) -> dict[Cast, Sql]:
    """Return a test of whether an id is a number in scientific notation, for each id column."""
    return {
        cast: sql("contains({id}, '+') and regexp_matches({id}, {short})", id=cast.column.name, short=literal(_SHORT))
        for cast in casts
        if cast.column.kind == "text" and is_identifier(cast.column)
    }


def shortened_ids(connection: Connection, source: Source, casts: Sequence[Cast], count: Count) -> list[str]:
    """Return a fault for each id column in which a spreadsheet or a floating-point type has cut numbers short."""
    tests = short_tests(casts)
    faults = []
    for cast, rows in zip(tests, count(source.table, list(tests.values())), strict=True):
        if not rows:
            continue
        name = cast.column.name
        first = first_given(
            connection, source, sql("case when regexp_matches({v}, {s}) then {v} end", v=cast.value, s=literal(_SHORT))
        )
        example = f", such as {shown(first[0])} in {first[1]}" if first else ""
        faults.append(
            f"{source.table}: {name} is a shortened number in {counted(rows, 'row')}{example}. A spreadsheet or a"
            " floating-point column has rounded these ids, so different ids may now look the same. Format the column as"
            " text and export again."
        )
    return faults


def not_supplied(
    count: Count, sources: Mapping[str, Source], tables: Mapping[str, Table], *, delivered_on: date,
    groups: Iterable[str],
) -> dict[str, list[str]]:  # fmt: skip
    """Return, by table, the columns in the file that count as not supplied because every row is empty.

    The columns of `groups` never count as not supplied: an empty cell means that the resident did not disclose it.
    """
    empty = {name: _empty_columns(count, source, tables[name]) for name, source in sources.items()}
    usual = {("enrollments", group) for group in groups}
    usual.add(("openings", "closed_on"))  # all openings may still be open
    if "town" not in empty.get("enrollments", ["town"]):
        usual.add(("enrollments", "region"))  # the region is only needed in rows without a town
    if not count("completions", [Sql("true")])[0]:
        usual |= {("enrollments", column) for column in _BEFORE_ANY_EXIT}
    over = over_tests(delivered_on)
    for column, exits in zip(over, count("completions", list(over.values())), strict=True):
        if not exits:
            usual.add(("completions", column))
    return {table: [name for name in names if (table, name) not in usual] for table, names in empty.items()}


def over_tests(delivered_on: date) -> dict[str, Sql]:
    """Return a test over completions for each column about a quarter: whether that quarter was over at the delivery."""
    return {
        column: sql("date_trunc('quarter', exited_on) + interval {months} months <= cast({day} as date) + interval 1 day",
                    months=Sql(str(months)), day=literal(delivered_on.isoformat()))
        for column, months in _MONTHS_UNTIL_KNOWN.items()
    }  # fmt: skip


def filled_tests(source: Source, table: Table) -> dict[str, Sql]:
    """Return a test of whether a cell has a value, for each of the file's optional columns."""
    optional = (column.name for column in table.columns if column.optional and column.name in source.columns)
    return {name: sql("{c} is not null", c=name) for name in optional}


def _empty_columns(count: Count, source: Source, table: Table) -> list[str]:
    """Return the file's optional columns that no row fills. Returns none for a file without rows."""
    tests = filled_tests(source, table)
    rows, *filled = count(table.name, [Sql("true"), *tests.values()])
    return [name for name, number in zip(tests, filled, strict=True) if rows and not number]


def notice_tests(casts: Sequence[Cast]) -> tuple[list[tuple[Cast, Sql]], list[tuple[Cast, Sql]], list[tuple[str, Sql]]]:
    """Return tests for dates that mean "no date", for masked Social Security numbers, and for doubtful values.

    A doubtful value counts as it stands. Its test comes with the notice, in which {rows} is for the number of rows.
    """
    dated = [
        (cast, sql("not_known & {bit} > 0", bit=Sql(str(1 << n)))) for n, cast in enumerate(casts) if cast.not_known
    ]
    hidden = [(cast, sql("contains({c}, {mark})", c=cast.column.name, mark=literal(masking.HIDDEN)))
              for cast in casts if cast.column.kind == "text" and not is_identifier(cast.column)]  # fmt: skip
    names = {cast.column.name for cast in casts}
    return dated, hidden, [(notice, test) for column, needs, test, notice in _DOUBTFUL if {column, needs} <= names]


def notices(table: str, casts: Sequence[Cast], count: Count, empty: Sequence[str]) -> list[str]:
    """Return notices about empty columns, and about what `notice_tests` tests for."""
    dated, hidden, doubtful = notice_tests(casts)
    numbers = iter(count(table, [*(test for _, test in (*dated, *hidden)), *(test for _, test in doubtful)]))
    no_date = {cast.column: n for (cast, _), n in zip(dated, numbers, strict=False)}
    sentences = [(dates.notice(column, counted(n, "row")), n) for column, n in no_date.items()]
    undated = {column.name for column, n in no_date.items() if n}
    sentences += [(f"{_columns([name for name in empty if (name in undated) is is_undated], words)} in every row: not supplied.",
                   any((name in undated) is is_undated for name in empty))
                  for is_undated, words in ((True, ("holds no known date", "hold no known date")), (False, ("is empty", "are empty")))]  # fmt: skip
    sentences += [
        (f"{cast.column.name}: {counted(n, 'row')} held what looks like a Social Security number."
         " It was masked. Exports must not contain any.", n)
        for (cast, _), n in zip(hidden, numbers, strict=False)
    ]  # fmt: skip
    sentences += [(notice.format(rows=counted(n, "row")), n) for (notice, _), n in zip(doubtful, numbers, strict=False)]
    return [sentence for sentence, rows in sentences if rows]


def _columns(names: Sequence[str], verbs: tuple[str, str]) -> str:
    """Return `The column a is empty` or `The columns a, b are empty`."""
    return f"The column {names[0]} {verbs[0]}" if len(names) == 1 else f"The columns {', '.join(names)} {verbs[1]}"


def zero_tests(source: Source, table: Table) -> dict[str, Sql]:
    """Return a test for a zero character, for each text column. Text files have been scanned for zero bytes already."""
    if source.was_scanned:
        return {}
    texts = (column.name for column in table.columns if column.kind == "text" and column.name in source.columns)
    return {name: sql("contains(cast({c} as varchar), chr(0))", c=name) for name in texts}


def zero_characters(source: Source, table: Table, count: Count) -> list[str]:
    """Return faults for texts with a zero character, which some programs take for the end of the text."""
    tests = zero_tests(source, table)
    return [
        f"{source.table}: the column {name} of {source.label} has a value with a zero character. Remove it and export again."
        for name, rows in zip(tests, count(table.name, list(tests.values())), strict=True)
        if rows
    ]


def compare(source: Source, table: Table, suggested: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return faults for missing required columns, and notices for missing optional and extra ones.

    Args:
        source: The table's rows.
        table: The contract's table.
        suggested: By header, the missing column that it may be.
    """
    missing = [column for column in table.columns if column.name not in source.columns]
    required = [column.name for column in missing if not column.optional]
    known = {column.name for column in table.columns}
    source.extra = [source.header[name] for key, (name, _) in source.columns.items() if key not in known]
    perhaps = {column: f"; is it {shown(header, 40)}?" for header, column in suggested.items()}
    faults = []
    if required:
        has = listed((shown(header, 30) for header in source.header.values()), 8)
        meant = [f"Is {column} {shown(header, 40)}?" for header, column in suggested.items() if column in required]
        faults.append(
            f"{table.name}: the required {in_words(required)} {'is' if len(required) == 1 else 'are'} missing"
            f" from {source.label}, which has {has}."
            + (f" {' '.join(meant)} The rest was checked on that assumption." if meant else "")
        )
    faults += _times(source, table)
    notices = [
        f"The optional column {c.name} is not in {source.label}{perhaps.get(c.name, '.')}"
        for c in missing
        if c.optional
    ]
    if source.extra:
        notices.append(f"Ignored, not in the contract: {listed((shown(name, 40) for name in source.extra), 12)}.")
    return faults, notices


def _times(source: Source, table: Table) -> list[str]:
    """Return faults for durations, and for dates whose parts differ in whether they have a time zone.

    Parts that differ would be read as if all had one: days would become the evening before.
    """
    parts: dict[str, dict[str, str]] = {}
    for part in (part for part in source.parts if part.rows):
        for name, kind in part.times:
            parts.setdefault(plain(name), {}).setdefault(kind, part.label)
    faults = []
    for column in (column.name for column in table.columns):
        kinds = parts.get(plain(source.as_sent(column) or ""), {})
        if DURATION in kinds:
            faults.append(
                f"{table.name}: the column {column} of {kinds[DURATION]} is a duration. Write it as a number."
            )
        elif ZONED in kinds and UNZONED in kinds:
            faults.append(f"{table.name}: {column} has times with a time zone in {kinds[ZONED]} and without one in"
                          f" {kinds[UNZONED]}. Export all parts alike.")  # fmt: skip
    return faults
