"""Run a layout's selects, and explain in a sentence why one cannot run."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from data import duckdb_sql, regular
from data.duckdb_sql import Sql, run
from data.errors import RefusedError, listed, log_line, shown

log = logging.getLogger("dashboard.data")
_RAW = "raw"


@dataclass(frozen=True)
class Select:
    """Runs one layout's selects over a delivery's raw tables. `tables` maps them to their files."""

    connection: duckdb.DuckDBPyConnection
    layout: str
    delivered_on: date
    tables: Mapping[str, str]

    def make(self, path: Path, target: str, kind: str = "table") -> list[str]:
        """Create the table or view `target` from a select, or return faults."""
        where = f"Layout {self.layout}, {path.name}"
        try:
            text = regular.read_text(path, where)
        except RefusedError as refused:
            return refused.faults
        try:
            statements = duckdb.extract_statements(text)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                return [f"{where}: the file must have exactly one select."]
            parameter_names = statements[0].named_parameters
            if parameter_names - {"delivered_on"}:
                return [f"{where}: the only parameter is $delivered_on, not {listed(sorted(parameter_names))}."]
            parameters = {"delivered_on": self.delivered_on} if parameter_names else None
            query = Sql(statements[0].query.strip().rstrip(";"))
            run(self.connection, "create {kind} {target} as (\n{text}\n)", parameters,
                kind=Sql(kind), target=target, text=query)  # fmt: skip
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            if duckdb_sql.is_full(error):
                raise
            log.info("%s: %s", where, log_line(error))
            return [f"{where}{self._trouble(error, text)}"]
        return []

    def _trouble(self, error: duckdb.Error, text: str) -> str:
        """Return the rest of a sentence about why a select cannot run, without the engine's words, which may quote a row."""
        message = str(error)
        if table := re.search(r"Table with name \"?([^\"\s]+)\"? does not exist", message):
            return self._no_table(table[1], _line_of(table[1], text))
        if column := re.search(r"Referenced column \"([^\"]+)\"", message):
            return f"{_line_of(column[1], text)}: no table that it reads has a column {shown(column[1])}."
        if column := re.search(r"Referenced table \"([^\"]+)\"", message):
            return f"{_line_of(column[1], text)}: it reads no table called {shown(column[1])}."
        if function := re.search(r"Function with name \"?([^\"\s]+)\"? does not exist", message):
            return f"{_line_of(function[1], text)}: there is no function {shown(function[1])}."
        if isinstance(error, duckdb.ParserException):
            near = re.search(r"at or near \"([^\"]+)\"", message)
            line = re.search(r"LINE (\d+)", message)
            place = f", line {line[1]}" if line else ""
            return f"{place}: it is not valid SQL{f' at or near {shown(near[1], 40)}' if near else ''}."
        if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException | duckdb.InvalidInputException):
            return (": a value cannot be cast to the type in the select. Do not cast it: the contract's checks then report"
                    " the row. With try_cast the value would be lost.")  # fmt: skip
        if isinstance(error, duckdb.PermissionException):
            return ": it reads a file. A select can read only the tables of the delivery and of the layout."
        line = re.search(r"LINE (\d+)", message)
        return f"{f', line {line[1]}' if line else ''}: it cannot be run on these files. The log has the details."

    def _no_table(self, name: str, line: str) -> str:
        given = sorted(self.tables)
        if name.lower() == _RAW and len(given) > 1:
            files = listed(sorted(self.tables.values()), 20)
            return f"{line}: the layout takes one file, but the folder has {len(given)}: {files}. Send one."
        return f"{line}: there is no table {shown(name)}. The tables are {listed(given, 20)}."


def _line_of(name: str, text: str) -> str:
    """Return the first line of a select with a name in it, outside comments."""
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line.partition("--")[0], re.IGNORECASE):
            return f", line {number}"
    return ""
