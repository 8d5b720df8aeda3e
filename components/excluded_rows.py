"""The file of the rows that a published delivery left out, on the page Data quality: what an analyst sends back to be corrected."""

from __future__ import annotations

from components import file_facts, file_requests, html_view, page_guard
from components.data_table import Table
from components.file_facts import Facts
from components.text import reasons
from components.text.narratives import data_health as narrative
from data import excluded_rows
from data.excluded_rows import ExcludedRow

_NAME = "rows-to-correct"


def link_label() -> str:
    """Return the text of the link that leads here: only an analyst gets the rows."""
    return "Why rows were excluded" + (", and the rows to send back" if page_guard.may_check_deliveries() else "")


def draw(delivery_id: str, facts: Facts) -> None:
    """Draw the button that saves the rows, for an analyst; others see how the operator writes them.

    Args:
        delivery_id: The delivery on screen.
        facts: What its files say: they follow no filter.
    """
    if not page_guard.may_check_deliveries():
        html_view.paragraph(narrative.SEND_BACK, "quiet")
        return
    request = f"save:{_NAME}"
    if file_requests.requested() == request:
        columns = file_facts.facts_of(None, facts)
        rows = Table.from_rows([_cells(row) for row in excluded_rows.read(delivery_id)])
        file_requests.send(
            file_facts.file_name(_NAME, columns), rows.to_csv(columns), logged_as=f"{_NAME}.csv", answers=()
        )
    html_view.paragraph(narrative.ROWS_TO_CORRECT, "quiet")
    event = file_requests.on_request(request)
    button = html_view.render(
        "download", plain=event, described="", subject=narrative.EXCLUDED, label=narrative.SAVE_ROWS
    )
    html_view.add(button)


def _cells(row: ExcludedRow) -> dict[str, object]:
    """Return one line of the file of rows to correct."""
    return {
        "Sender": row.sender or "not in the row",
        "Table": row.table,
        "File": row.file,
        "Row": int(row.row) if row.row.isdecimal() else row.row,
        "Id": row.key,
        "Column": row.column,
        "Value": row.value,
        "Problem": reasons.in_words(row.reason),
        "How to fix it": row.how_to_fix,
    }
