"""The empty delivery to fill in: every column is explained, and its example rows are never counted."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from data import contract, reference, template
from data.errors import UsageError

KNOWN = reference.load(None)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_column_of_the_contract_is_explained_and_no_other():
    for name, table in contract.tables().items():
        assert set(template._texts()[name]) == {column.name for column in table.columns}
        assert template.about(name).endswith(".")
        for entry in template.entries_of(table, KNOWN):
            assert entry.meaning.endswith(".")
            assert entry.type
            assert entry.example or entry.may_be_empty, f"{name}.{entry.column} may not be empty, and has no example"
            assert not entry.values or entry.example in (*entry.values, ""), f"{entry.example} is not allowed"
    assert set(template._texts()) == set(contract.TABLE_NAMES)


def test_a_template_has_each_table_in_both_forms(tmp_path):
    paths = template.write(tmp_path / "new")
    assert all(path.is_file() for path in paths)
    book = openpyxl.load_workbook(tmp_path / "new" / template.WORKBOOK)
    assert book.sheetnames == [*contract.TABLE_NAMES, "Data dictionary", "Allowed values"]
    for name, table in contract.tables().items():
        header, example = rows(tmp_path / "new" / f"{name}.csv")
        assert header == [column.name for column in table.columns]
        assert example[0] == contract.EXAMPLE
        first, second = book[name].iter_rows(min_row=1, max_row=2, values_only=True)
        assert list(first) == header
        assert [cell or "" for cell in second] == example
    dictionary_rows = rows(tmp_path / "new" / template.DICTIONARY)
    assert len(dictionary_rows) == 1 + sum(len(table.columns) for table in contract.tables().values())


def test_the_workbook_offers_the_values_that_are_allowed(tmp_path):
    template.write(tmp_path / "new")
    book = openpyxl.load_workbook(tmp_path / "new" / template.WORKBOOK)
    sheet = book["completions"]
    columns = [cell.value for cell in sheet[1]]
    letter = openpyxl.utils.get_column_letter(columns.index("outcome") + 1)
    (rule,) = [v for v in sheet.data_validations.dataValidation if str(v.sqref).startswith(f"{letter}2:")]
    area = rule.formula1.split("!")[1].replace("$", "")
    assert [cell.value for (cell,) in book["Allowed values"][area]] == sorted(contract.CLOSED["outcome"])


def test_a_template_is_written_over_nothing(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not an empty folder"):
        template.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
