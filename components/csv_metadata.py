"""Describe a CSV file in JSON, as the W3C's "CSV on the Web" has it, and put both into one zip file. No Streamlit here."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date

from components.column_definitions import definition_of
from components.data_table import Table, is_number
from queries import Answer, dimensions

_CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_FACTS = {
    "as_of": "The day that the numbers hold for.",
    "delivery": "The delivery that the numbers come from.",
    "synthetic_data": "Whether the data is made up for demonstration: yes or no.",
    "role": "The role of the reader the file was made for; a role can hide small numbers.",
    "from": "First day of the period; empty for all time.",
    "to": "Last day of the period; empty for all time.",
    "outcome": "The outcome chosen on the page; empty where none applies.",
    "goal_of": "What a plan is to reach; empty where none applies.",
    "goal": "The share or rate that a plan is to reach, as a fraction.",
    "goal_due_on": "The day by which a plan is to reach it.",
    "goal_by": "What a plan is divided by.",
}
_UNITS = {
    "share": "A fraction: 0.62 is 62%.",
    "points": "A difference of two shares, as a fraction: 0.042 is 4.2 points.",
    "ratio": "A ratio; 1 is parity.",
    "dollars": "U.S. dollars.",
}


def metadata(
    table: Table, facts: Mapping[str, object], *, file: str, title: str, name: str = "", answer: Answer | None = None
) -> str:
    """Return the description of a CSV file: its columns, each with its type, its unit and what it holds.

    Args:
        table: The table in the file.
        facts: The columns that every row repeats (`file_facts.facts_of`).
        file: The name of the CSV file.
        title: What the table is called.
        name: The table's name on its page.
        answer: The answer that its numbers rest on.
    """
    columns = [
        _column(heading, values, _description(table, heading, name, answer), has_units=heading in table.units)
        for heading, values in table.columns.items()
    ]
    if table.row_units:
        columns.append({"titles": "Unit", "datatype": "string", "dc:description": "The unit of the row's numbers."})
    columns += [_fact_column(name, value) for name, value in facts.items()]
    content: dict[str, object] = {
        "@context": _CONTEXT,
        "url": file,
        "dc:title": title,
        "dc:language": "en",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns},
    }
    if answer is not None and answer.measure.source:
        content |= {"dc:source": answer.measure.source}
    return json.dumps(content, ensure_ascii=False, indent=1)


def zipped(
    table: Table, facts: Mapping[str, object], *, file: str, title: str, name: str = "", answer: Answer | None = None
) -> bytes:
    """Return a zip file with the CSV file and its description. The arguments are those of `metadata`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file, table.to_csv(facts).encode("utf-8-sig"))  # the byte order mark makes Excel read UTF-8
        archive.writestr(
            f"{file}-metadata.json", metadata(table, facts, file=file, title=title, name=name, answer=answer)
        )
    return content.getvalue()


def _description(table: Table, heading: str, name: str, answer: Answer | None) -> str:
    """Say what a column holds and its unit. The definition of a measure stands at the column that has it: others have words of their own."""
    if not _is_numeric(table.columns[heading], has_units=heading in table.units):
        return ""
    measure = answer.measure if answer is not None else None
    definition = definition_of(heading, name, measure, has_row_units=bool(table.row_units))
    return " ".join(filter(None, (definition, unit_text(table, heading))))


def _is_numeric(values: Sequence[object], *, has_units: bool) -> bool:
    return has_units or any(map(is_number, values))


def unit_text(table: Table, name: str) -> str:
    """Describe the unit of a column; "" for none. name: its heading."""
    unit = table.units.get(name, "")
    return _UNITS.get(unit, f"Unit: {unit}." if unit else "")


def _column(name: str, values: Sequence[object], text: str, *, has_units: bool) -> dict[str, object]:
    """Describe a column of the table. A reason in the place of a number counts as null."""
    column: dict[str, object] = {"titles": name}
    if _is_numeric(values, has_units=has_units):
        reasons = sorted({value for value in values if isinstance(value, str) and value})
        column |= {"datatype": "number", "null": ["", *reasons]}
    elif any(isinstance(value, date) for value in values):
        column |= {"datatype": "date"}
    else:
        column |= {"datatype": "string"}
    return column | ({"dc:description": text} if text else {})


def _fact_column(name: str, value: object) -> dict[str, object]:
    text = _FACTS.get(name) or f"{dimensions.FILTERS[name].label} filtered by; empty for all."
    datatype = "date" if isinstance(value, date) or name in ("as_of", "from", "to", "goal_due_on") else "string"
    return {"name": name, "titles": name, "datatype": "number" if name == "goal" else datatype, "dc:description": text}
