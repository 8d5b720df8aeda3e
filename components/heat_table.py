"""Draw the equity heat tables, groups by step and groups by region: each cell is a link to the page with its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from components import html_view, navigation
from components.page import Page
from components.sparkline import draw_values
from components.text.narratives import heat, heat_regions
from components.text.narratives.answer_data import EquityData
from components.text.period_labels import period_label
from queries.periods import full_periods

_QUARTERS = 8


def draw(page: Page, data: EquityData) -> None:
    """Draw the table of groups by step under the page's filters."""
    quarters = tuple(full_periods(page.as_of, _QUARTERS, "quarter"))
    span = f"{period_label(quarters[0])} to {period_label(quarters[-1])}"
    rows = [
        {
            "name": _name(page, row),
            "cells": [_cell(page, row, cell) for cell in row.cells],
            "trend": draw_values(row.quarters, "share", f"{row.name}: share of residents by quarter, {span}"),
            "needed": row.needed,
        }
        for row in heat.rows(data, quarters)
    ]
    caption = "Groups by step, compared with the population and with other residents"
    _add(heat.columns(), rows, caption=caption, needed=heat.NEEDED)


def draw_by_region(page: Page, data: EquityData, measure: str) -> None:
    """Draw the table of groups by region. measure: a key of `heat_regions.CHOICES`."""
    names = heat_regions.regions(data)
    rows = [
        {
            "name": _name(page, row),
            "cells": [_cell(page, row, cell, region=name) for name, cell in zip(names, row.cells, strict=True)],
        }
        for row in heat_regions.rows(data, measure)
    ]
    _add(names, rows, caption=heat_regions.caption(measure))


def _add(columns: Sequence[str], rows: Sequence[Mapping[str, object]], *, caption: str, needed: str = "") -> None:
    html_view.add(html_view.render("heat_table", columns=columns, rows=rows, caption=caption, needed=needed))


def _cell(page: Page, row: heat.HeatRow, cell: heat.HeatCell, region: str | None = None) -> dict[str, object]:
    filters = {"group": row.group} | ({"region": region} if region else {})
    parameters = {**page.parameters(**filters), **cell.page_values}
    return {"tone": cell.tone.value, "link": navigation.anchor(cell.page, cell.text, parameters, {"class": "cell"})}


def _name(page: Page, row: heat.HeatRow) -> Markup:
    return navigation.anchor("one_group", row.name, page.parameters(group=row.group), {"class": "cell"})
