"""Contents for tests of workbooks and slides, without a store, and what such a file holds."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import Workbook, load_workbook
from pptx import Presentation
from pptx.presentation import Presentation as Deck

from briefs.contents import Contents, Exhibit, FigureText, SentenceGroup
from briefs.model import Facts, Footnote
from briefs.native_charts import ChartKind, of_table
from components.data_table import Table
from queries import Scope
from tests.components.rows import DELIVERY

REGIONS = Table.from_columns(
    {
        "Region": ["Eastern", "=1+1", "Northwest"],
        "Completion rate": [0.781234567, 0.6, "hidden for privacy"],
        "Exits": [1200, 30, None],
        "Gap": [0.042, -0.01, 0.0],
        "Since": [date(2026, 1, 2), date(2025, 12, 31), date(2026, 3, 4)],
    },
    {"Completion rate": "share", "Exits": "exits", "Gap": "points"},
)
MONTHS = Table.from_columns(
    {"Month": ["July", "August", "September"], "Spent": [1e6, 2.5e6, 3e6], "Allocated": [2e6, 2e6, None]},
    {"Spent": "dollars", "Allocated": "dollars"},
)


def chart(table: Table, kind: ChartKind = ChartKind.BARS):
    return of_table(table, kind=kind, title="A finding", alt="Eastern 78.1%; =1+1 60%")


def contents(*exhibits: Exhibit, is_synthetic: bool = True) -> Contents:
    """Make the contents of a file with these exhibits, else with two."""
    facts = Facts(
        as_of=date(2026, 11, 13),
        delivery=DELIVERY if is_synthetic else DELIVERY.__class__(**{**vars(DELIVERY), "is_synthetic": False}),
        scope=Scope(region="Northwest"),
        filters=("Northwest",),
        labels={"region": "Northwest"},
        reader="Board director, Northwest",
    )
    default = (
        Exhibit(
            name="by-region", title="Eastern completes most", table=REGIONS, chart=chart(REGIONS), words="Of exits."
        ),
        Exhibit(name="by/month?", title="Spending", table=MONTHS, chart=chart(MONTHS, ChartKind.LINES)),
    )
    return Contents(
        title="My region",
        lead="1,904 residents have enrolled.",
        facts=facts,
        figures=(
            FigureText(label="Enrolled", text="1,904", value=1904.0, unit="residents", details=("12 new",)),
            FigureText(label="Job rate", text="Hidden for privacy", value=None, unit="share"),
        ),
        exhibits=exhibits or default,
        sentences=(SentenceGroup("To raise at the meeting", ("30 are past their planned end.",)),),
        definitions=(Footnote("Completion rate", "Exits that were completions."),),
    )


def workbook_of(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def deck_of(data: bytes) -> Deck:
    return Presentation(io.BytesIO(data))


def alternatives(deck: Deck) -> list[tuple[int, str, str]]:
    """Return each shape's slide, name and text alternative."""
    return [
        (number, shape.name, shape._element._nvXxPr.cNvPr.get("descr") or "")
        for number, slide in enumerate(deck.slides, start=1)
        for shape in slide.shapes
    ]


def numbers_on(sheet) -> list[float]:
    """Return every number in the cells of a sheet."""
    cells = (cell.value for row in sheet.iter_rows() for cell in row)
    return [float(value) for value in cells if isinstance(value, int | float) and not isinstance(value, bool)]
