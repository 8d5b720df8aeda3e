"""Draw the equity heat tables, groups by step and groups by region: each cell is a link to the page with its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from components import html_view, navigation, tables
from components.comparison import Comparison
from components.data_table import Table
from components.equity_data import ComparedEquity, compared_regions_of
from components.page import Page
from components.release_limits import not_in_plans
from components.sparkline import draw_values
from components.text.narratives import heat, heat_regions
from components.text.narratives.answer_data import EquityData
from components.text.period_labels import period_label
from components.text.scope_words import filters
from queries.periods import full_periods

_QUARTERS = 8


def draw(page: Page, data: EquityData, compared: ComparedEquity | None) -> None:
    """Draw the table of groups by step under the page's filters. compared: the same groups where the reader compares them."""
    quarters = tuple(full_periods(page.as_of, _QUARTERS, "quarter"))
    span = f"{period_label(quarters[0])} to {period_label(quarters[-1])}"
    table = heat.rows(data, quarters)
    lines = [draw_values(row.quarters, "share", f"{row.name}: share of residents by quarter, {span}") for row in table]
    comparison = compared.comparison if compared else None
    changes = heat.changes(table, heat.rows(compared.data, ()) if compared else (), comparison)
    rows = [
        {
            "name": _name(page, row),
            "cells": [_cell(page, row, *pair) for pair in zip(row.cells, changed, strict=True)],
            "trend": line or escape(row.no_line),
            "needed": row.needed,
        }
        for row, changed, line in zip(table, changes, lines, strict=True)
    ]
    caption = "Groups by step, compared with the population and with other residents"
    trend = f"Share, {_QUARTERS} quarters" if any(lines) else ""
    _add(heat.columns(), rows, caption=caption, needed=heat.NEEDED, trend=trend)
    if compared is not None:
        _note_compared(page, data, table, changes, compared.comparison)


def _note_compared(
    page: Page,
    data: EquityData,
    table: Sequence[heat.HeatRow],
    changes: Sequence[Sequence[str]],
    comparison: Comparison,
) -> None:
    """Note the second lines of the cells as a table for the page's workbook, where a reader asked for one."""
    columns: dict[str, list[object]] = {"Group": [row.name for row in table]}
    for at, name in enumerate(heat.columns()):
        columns[name] = [line[at] or row.cells[at].text for row, line in zip(table, changes, strict=True)]
    tables.note_table(
        Table.from_columns(columns),
        name="groups-compared",
        title=f"Groups by step{filters(data.gaps)}, {comparison.stated}",
        words=heat.compared_words(comparison, page.scope),
        how=data.gaps,
        facts=None,
    )


def draw_by_region(page: Page, data: EquityData, measure: str) -> None:
    """Draw the table of groups by region, with those of the time that the reader compares with. measure: a key of `heat_regions.CHOICES`."""
    names, table = heat_regions.regions(data), heat_regions.rows(data, measure)
    compared = compared_regions_of(page, data, measure)
    others = heat_regions.rows(compared.data, measure, names) if compared else ()
    changes = heat.changes(table, others, compared.comparison if compared else None)
    rows = [
        {
            "name": _name(page, row),
            "cells": [_cell(page, row, row.cells[0], span=len(names))]
            if heat_regions.has_no_figure(row, changed)
            else [
                _cell(page, row, cell, change, region=name)
                for name, cell, change in zip(names, row.cells, changed, strict=True)
            ],
        }
        for row, changed in zip(table, changes, strict=True)
    ]
    _add(names, rows, caption=heat_regions.caption(measure))


def _add(
    columns: Sequence[str], rows: Sequence[Mapping[str, object]], *, caption: str, needed: str = "", trend: str = ""
) -> None:
    """Add a table. needed, trend: the headings of these columns; "" without them."""
    html_view.add(
        html_view.render("heat_table", columns=columns, rows=rows, caption=caption, needed=needed, trend=trend)
    )


def _cell(
    page: Page, row: heat.HeatRow, cell: heat.HeatCell, change: str = "", *, region: str | None = None, span: int = 1
) -> dict[str, object]:
    """Return a cell of a row. span: how many columns it stands for."""
    where = {"group": row.group} | ({"region": region} if region else {})
    to, page_values = cell.page, cell.page_values
    if to == "gap_plan" and not_in_plans(page.scope.but(**where)):
        to, page_values = "one_group", {}
    link = navigation.anchor(to, cell.text, {**page.parameters(**where), **page_values}, {"class": "cell"})
    return {"tone": cell.tone.value, "link": link, "change": change, "span": span}


def _name(page: Page, row: heat.HeatRow) -> Markup:
    return navigation.anchor("one_group", row.name, page.parameters(group=row.group), {"class": "cell"})
