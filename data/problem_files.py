"""Excluded rows, for the people who sent them: a workbook with a sheet per sender, and a workbook and e-mail text for each.

Values are masked. The sender of an enrollment is its provider, or the organization that referred the resident where no
provider is given. The sender of a completion is that of its enrollment. Rows of the other tables go to the person who
maintains that file, not to the vendors and employers in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from data import build_store, private_files, problems
from data.checked import Checked
from data.contract import Table
from data.duckdb_sql import Sql, joined, literal, run, sql
from data.errors import UsageError, counted
from data.formulas import neutralized
from data.masking import masked

UNKNOWN = "Unknown sender"
WORKBOOK = "problems.xlsx"
_MOST_ROWS = 100_000  # in one sheet; nobody corrects more by hand
_MOST_SHEETS = 200
_HEADER = ("Table", "File", "Row", "Id", "Column", "Value", "Problem", "How to fix it", "Suggestion")
_WIDTHS = (13, 26, 8, 18, 18, 28, 44, 60, 22)
_SENDERS = {
    "enrollments": "coalesce(t.provider, t.referred_by)",
    "completions": "(select coalesce(any_value(e.provider), any_value(e.referred_by)) from enrollments as e"
    " where e.enrollment_id = t.enrollment_id)",
    "funding": "'Funding file maintainer'",
    "courses": "'Courses file maintainer'",
    "openings": "'Openings file maintainer'",
}


@dataclass(frozen=True)
class _Row:
    """One reason why one row was excluded."""

    sender: str
    table: str
    file: str
    row: int
    key: str
    column: str
    value: str
    problem: str
    suggestion: str

    @property
    def fix(self) -> problems.Fix:
        """How to fix the row."""
        return problems.fix_for(self.problem)

    def cells(self) -> list[str | int]:
        """The row's cells in the order of _HEADER."""
        cells = (self.column, self.value, self.problem, self.fix.how, self.suggestion)
        return [self.table, self.file, self.row, self.key, *cells]


def write(checked: Checked, folder: Path) -> list[Path]:
    """Write the workbooks and e-mail texts to a folder, which is created if needed. The workbook with all rows comes first.

    Raises:
        UsageError: The folder is a file, or is inside the delivery.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Choose a folder for the problem rows.")
    if folder.absolute().is_relative_to(checked.delivery.path.absolute()):
        raise UsageError(f"{folder} is inside the delivery. Choose another folder for the problem rows.")
    private_files.make_folder(folder)
    _clear(folder)
    by_sender: dict[str, list[_Row]] = {}
    for name in checked.sources:
        for row in _rows(checked, checked.tables[name]):
            by_sender.setdefault(row.sender, []).append(row)
    ordered = dict(sorted(by_sender.items(), key=lambda item: (-len(item[1]), item[0])))
    written = [_write_workbook(folder / WORKBOOK, checked, ordered)]
    known = [(sender, rows) for sender, rows in ordered.items() if sender != UNKNOWN]
    for number, (sender, rows) in enumerate(known, start=1):
        stem = folder / "senders" / f"{number:03}-{_slug(sender)}"
        private_files.make_folder(stem.parent)
        written.append(_write_workbook(stem.with_suffix(".xlsx"), checked, {sender: rows}))
        stem.with_suffix(".txt").write_text(_letter(checked, sender, rows), encoding="utf-8")
        written.append(stem.with_suffix(".txt"))
    for path in written:
        private_files.restrict(path)
    return written


def _clear(folder: Path) -> None:
    """Remove the files of an earlier check, so that nobody gets an e-mail about rows that have been corrected."""
    old = [
        folder / WORKBOOK,
        *(folder / "senders").glob("[0-9][0-9][0-9]-*.xlsx"),
        *(folder / "senders").glob("[0-9][0-9][0-9]-*.txt"),
    ]
    for path in old:
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a regular file. Choose another folder for the problem rows.")
        path.unlink(missing_ok=True)


def _rows(checked: Checked, table: Table) -> list[_Row]:
    source = checked.sources[table.name]
    reasons = [p.problem for p in checked.report.problems if p.table == table.name]
    if not reasons:
        return []
    columns = {reason: problems.fix_for(reason).column for reason in reasons}
    headings = {column: source.header.get(source.as_sent(column) or "", column) for column in columns.values()}
    meant: dict[tuple[str, str], str] = {}
    cells = {
        column: build_store.masked_cell(source, table, key)
        for column in sorted(set(columns.values())) if (key := source.as_sent(column))
    }  # fmt: skip
    cases = joined(" ", (
        sql("when {reason} then {cell}", reason=literal(reason), cell=cells[column])
        for reason, column in columns.items() if column in cells
    ))  # fmt: skip
    value = sql("case each.reason {cases} end", cases=cases) if cases else Sql("null")
    rows = run(
        checked.connection,
        "select mask_all({sender}), p.label, n.row_of_table + p.shift, mask_amount(t.{key}), each.reason, {value}"
        " from (select row_id, unnest(string_split(reasons, '; ')) as reason from {aside} where reasons is not null) as each"
        " join {table} as t on t.row_id = each.row_id"
        " join {rows} as n on n.row_of_table - 1 = each.row_id"
        " asof join {places} as p on p.first <= n.row_of_table order by each.row_id, each.reason",
        source.parameters,
        sender=Sql(_SENDERS[table.name]), key=table.key, value=value, aside=f"set_aside_{table.name}", table=table.name,
        rows=source.numbered, places=build_store.make_places(checked.connection, source),
    ).fetchall()  # fmt: skip
    result = []
    for sender, label, row, key, reason, value in rows:
        column = columns.get(reason, "")
        if reason.startswith("unknown ") and (column, value) not in meant:
            meant[column, value] = problems.suggestion(checked, table, column, value or "")
        heading = masked(headings.get(column, column))
        perhaps = meant.get((column, value), "")
        result.append(_Row(sender or UNKNOWN, table.name, label, row, key or "", heading, value or "", reason, perhaps))
    return result


def _slug(sender: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", sender.lower()).strip("-")[:40] or "sender"


def _write_workbook(path: Path, checked: Checked, by_sender: dict[str, list[_Row]]) -> Path:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DCE6F2"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        summary = book.add_worksheet("Summary")
        summary.set_column(0, 0, 34)
        summary.set_column(1, 1, 13)
        summary.set_column(2, 2, 50)
        summary.set_column(3, 3, 10)
        summary.write_string(
            0, 0, f"Delivery of {checked.report.delivered_on}: rows that are not counted, by sender", bold
        )
        summary.write_row(2, 0, ("Sender", "Table", "Problem", "Rows"), bold)
        taken = {"summary"}
        line = 3
        for number, (sender, rows) in enumerate(by_sender.items()):
            for (table, problem), count in Counter((row.table, row.problem) for row in rows).most_common():
                summary.write_row(line, 0, (neutralized(sender), table, problem, count))
                line += 1
            if number < _MOST_SHEETS:
                sheet = book.add_worksheet(_sheet_name(sender, taken))
                sheet.freeze_panes(1, 0)
                sheet.write_row(0, 0, _HEADER, bold)
                for column, width in enumerate(_WIDTHS):
                    sheet.set_column(column, column, width, wrapped)
                for place, row in enumerate(rows[:_MOST_ROWS], start=1):
                    sheet.write_row(place, 0, row.cells())
                if len(rows) > _MOST_ROWS:
                    sheet.write_string(_MOST_ROWS + 1, 0, f"… and {len(rows) - _MOST_ROWS:,} more")
        if len(by_sender) > _MOST_SHEETS:
            summary.write_string(
                line + 1, 0, "Senders after the first 200 have no sheet here. Their workbooks are in senders/."
            )
    return path


def _sheet_name(sender: str, taken: set[str]) -> str:
    """Return a sheet name that Excel accepts: unique, at most 31 characters, none that it forbids."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sender).strip(" '")[:28] or "Sender"
    unique, number = name, 2
    while unique.lower() in (*taken, "history"):
        unique, number = f"{name[:25]} {number}", number + 1
    taken.add(unique.lower())
    return unique


def _letter(checked: Checked, sender: str, rows: Sequence[_Row]) -> str:
    """Return an e-mail to one sender about what to correct, leaving out what is only a consequence."""
    causes = [row for row in rows if not row.fix.is_consequence]
    number = len({(row.table, row.file, row.row) for row in causes})
    after = len({(row.table, row.file, row.row) for row in rows if row.fix.is_consequence})
    are = "is" if number == 1 else "are"
    follow = f" Once they are, {counted(after, 'more row')} will count again." if after else ""
    lines = [
        f"Subject: Delivery of {checked.report.delivered_on}: {counted(number, 'row')} to correct",
        "",
        f"To: {sender}",
        "",
        f"In the delivery of {checked.report.delivered_on}, {counted(number, 'row')} of yours {are} not counted until corrected.{follow}"
        " The attached workbook lists each problem with its file and row.",
        "",
        *_summed(causes),
        "",
        "Please correct these rows in your own system and send a complete new export. A new export replaces the previous one, so do"
        " not send only the corrected rows. Values that could identify a person are masked here; use the file and row to look them"
        " up. If you have questions, please reply to this message.",
    ]
    return "\n".join(lines) + "\n"


def _summed(rows: Iterable[_Row]) -> list[str]:
    groups: dict[tuple[str, str, str, str], list[_Row]] = {}
    for row in rows:
        value = row.value if row.problem.startswith("unknown ") else ""
        groups.setdefault((row.table, row.file, row.problem, value), []).append(row)
    lines = []
    for (table, file, problem, _), same in sorted(groups.items(), key=lambda item: -len(item[1])):
        places = ", ".join(f"{row.row:,}" for row in same[: problems.FIRST_ROWS]) + (
            ", …" if len(same) > problems.FIRST_ROWS else ""
        )
        value = f" “{same[0].value}”" if same[0].value else ""
        perhaps = f" Did you mean “{same[0].suggestion}”?" if same[0].suggestion else ""
        rows_word = "row" if len(same) == 1 else "rows"
        lines.append(f"- {counted(len(same), 'row')} of {table}: {problem}{value} ({file}, {rows_word} {places})."
                     f" {same[0].fix.how}{perhaps}")  # fmt: skip
    return lines
