"""Draw the equity heat table: groups by step, each cell a link to the page about the group."""

from __future__ import annotations

from markupsafe import Markup

from components import html_view, navigation
from components.page import Page
from components.sparkline import draw_values
from components.text.narratives import heat
from components.text.narratives.answer_data import EquityData
from components.text.period_labels import period_label
from queries.periods import full_periods

_QUARTERS = 8


def draw(page: Page, data: EquityData) -> None:
    """Draw the table under the page's filters."""
    quarters = tuple(full_periods(page.as_of, _QUARTERS, "quarter"))
    span = f"{period_label(quarters[0])} to {period_label(quarters[-1])}"
    rows = heat.rows(data, quarters)
    html_view.add(
        html_view.render(
            "heat_table",
            columns=heat.columns(),
            needed=heat.NEEDED,
            caption="Groups by step, compared with the population and with other residents",
            rows=[
                {
                    "name": _link(page, row, row.name, None),
                    "cells": [
                        {"tone": cell.tone.value, "link": _link(page, row, cell.text, cell.outcome)}
                        for cell in row.cells
                    ],
                    "trend": draw_values(row.quarters, "share", f"{row.name}: share of residents by quarter, {span}"),
                    "needed": row.needed,
                }
                for row in rows
            ],
        )
    )


def _link(page: Page, row: heat.HeatRow, label: str, outcome: str | None) -> Markup:
    parameters = page.parameters(group=row.group)
    if outcome is not None:
        parameters = {**parameters, "outcome": outcome}
    return navigation.anchor("one_group", label, parameters, {"class": "cell"})
