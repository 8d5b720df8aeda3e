"""What every chart shares: its input, its layout, its labels and the table behind it."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import plotly.io

from components.data_table import Table
from components.palette import CONTEXT, faded
from components.text import reliability
from components.text.format import COUNTS, interval, known, people, value_of
from components.url_state import shortened
from queries import Answer, Measure, Row, measures
from queries.privacy.suppression import is_hidden

FONT_SIZE = 14
LINE_HEIGHT = 17  # pixels
LETTER_WIDTH = 7.4  # pixels, on the safe side
TRANSPARENT = "rgba(0,0,0,0)"
INK = "#16202C"  # thin lines over marks; style.css turns it into the text color of the reader's theme
HOVER = "%{hovertext}<extra></extra>"

Rows = Answer | Sequence[Row]
Reference = tuple[float | None, str]  # a value to compare with, and its name
Part = dict[str, object]  # part of a layout, as Plotly's reference names it

# Plotly checks every property that is set, which takes longer than all else on a page: 3 to 30 ms. The tests check every figure
# instead (figures() in tests/pages/test_pages.py); here it is only put together.
UNCHECKED: Mapping[str, bool] = {"_validate": False}
plotly.io.templates.default = (
    None  # the browser adds the theme's fonts and colors; a template would go out with each figure
)


@dataclass(frozen=True)
class Chart:
    """A figure, the table behind it, and a remark a reader needs to read it right ("" for none)."""

    figure: go.Figure
    table: Table
    remark: str = ""


def rows_and_measure(data: Rows, measure: str | None = None) -> tuple[list[Row], Measure]:
    """Return the rows to draw and the measure they belong to.

    Args:
        data: An answer, or rows of one.
        measure: Id of the measure; needed for rows only.

    Raises:
        TypeError: If rows come without a measure.
    """
    if not isinstance(data, Sequence):
        return list(data.rows), data.measure
    if measure is None:
        raise TypeError("rows need the measure they belong to")
    return list(data), measures()[measure]


def safe(text: object) -> str:
    """Escape text for Plotly, which reads a little HTML."""
    return html.escape(str(text), quote=False)


def wrapped(text: str, width: int = 20, lines: int = 3) -> str:
    """Capitalize and escape a text, on up to `lines` lines of `width` letters."""
    text = shortened(text, width * lines)
    parts = textwrap.wrap(text[:1].upper() + text[1:], width, break_on_hyphens=False) or [""]
    return "<br>".join(safe(part) for part in parts)


def line_count(text: str) -> int:
    """Count the lines of a wrapped text."""
    return text.count("<br>") + 1


def text_width(texts: Sequence[str]) -> int:
    """Estimate the pixels that the widest of these texts takes."""
    parts = (part for text in texts for part in re.sub("</?[bi]>", "", text).split("<br>"))
    longest = max((len(html.unescape(part)) for part in parts), default=0)
    return int(longest * LETTER_WIDTH)


def hover_text(row: Row, measure: Measure, name: str) -> str:
    """Describe one row: "Healthcare: 72% (552 of 762; 95% interval 69% to 75%)"."""
    details = []
    if measure.unit == "share" and row.numerator is not None and row.denominator:
        details.append(f"{people(row.numerator)} of {people(row.denominator)}")
    if span := interval(row.low, row.high, measure.unit):
        details.append(f"95% interval {span}")
    text = f"{name}: {value_of(row, measure)}"
    return safe(text + (f" ({'; '.join(details)})" if details else ""))


def layout(height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 8, **more: object) -> Part:
    """Return the layout that all charts start from.

    It is transparent, without a legend, and cannot be dragged, so that a finger scrolls the page. Height and margins are
    in pixels.
    """
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "font": {"size": FONT_SIZE},
        "bargap": 0.3,
        "hoverlabel": {"align": "left"},
        **more,
    }


def hidden_axis(**more: object) -> Part:
    """Return an axis that is not drawn: each value stands next to its mark."""
    return {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False, **more}


def grid_axis(**more: object) -> Part:
    """Return an axis with faint grid lines and level labels."""
    return {
        "visible": True,
        "fixedrange": True,
        "zeroline": False,
        "showgrid": True,
        "gridcolor": faded(CONTEXT, 0.25),
        "tickangle": 0,
        "ticks": "",
        "showline": False,
        **more,
    }


def column_axis(count: int, positions: Sequence[int], names: Sequence[str]) -> Part:
    """Return the axis of a chart of columns, numbered from 0. positions: the columns that are named."""
    return {
        "tickvals": list(positions),
        "ticktext": list(names),
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickangle": 0,
        "ticks": "",
        "range": [-0.6, max(count, 1) - 0.4],
    }


def name_axis(names: Sequence[str], centers: Sequence[float], height: int) -> Part:
    """Return the axis of a horizontal chart: one name a row, first at the top, at these pixels from the top."""
    return {
        "tickvals": list(centers),
        "ticktext": list(names),
        "range": [height, 0],
        "fixedrange": True,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "automargin": False,
        "ticklabelstandoff": 8,
        "tickfont": {"size": FONT_SIZE},
    }


def vertical_line(value: float, *, dash: str = "dash", layer: str = "above") -> Part:
    """Return a thin line across the plot at a value of the horizontal axis. layer: "above" the marks, or "between" them and the grid."""
    line = {"color": CONTEXT, "width": 1.5, "dash": dash}
    return {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "layer": layer, "line": line}


def note(text: str, **position: object) -> Part:
    """Return a label at a position in the plot, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": FONT_SIZE - 1}, **position}


def row_table(rows: Sequence[Row], measure: Measure, labels: Mapping[str, str], key_name: str = "") -> Table:
    """Return the table behind a chart of one value a row; columns without content are left out."""
    columns: dict[str, list[object]] = {
        key_name or "Name": [labels.get(row.key, row.key) for row in rows],
        measure.label: [row.note if row.value is None and is_hidden(row) else row.value for row in rows],
    }
    units = {measure.label: measure.unit}
    if any(known(row.denominator) for row in rows):
        part_unit = _unit_of_parts(rows, measure)
        part, base = "Counted", "Rests on" if measure.unit in ("days", "dollars an hour") else "Out of"
        if part_unit == "share":  # a ratio of two rates or shares: nothing is counted
            part, base = "Rate or share", "Compared with"
        if any(known(row.numerator) for row in rows):
            columns[part] = [_or_not_shown(row.numerator, row) for row in rows]
            units[part] = part_unit or _counted_unit(measure.numerator)
        columns[base] = [_or_not_shown(row.denominator, row) for row in rows]
        units[base] = (
            "residents" if measure.unit == "dollars" else part_unit or _counted_unit(measure.denominator or "")
        )
    if any(known(row.low) for row in rows):
        columns["95% from"] = [_or_not_shown(row.low, row) for row in rows]
        columns["95% to"] = [_or_not_shown(row.high, row) for row in rows]
        units |= {"95% from": measure.unit, "95% to": measure.unit}
    flags: list[object] = [reliability.of_row(row) if measure.unit == "share" else "" for row in rows]
    if any(flags) and not _unit_of_parts(rows, measure):
        columns["Reliability"] = flags
    if any(row.note for row in rows if not is_hidden(row)):
        columns["Note"] = ["" if is_hidden(row) else row.note or "" for row in rows]
    return Table.from_columns(columns, units)


def _unit_of_parts(rows: Sequence[Row], measure: Measure) -> str:
    """Return the unit of numerators and denominators that count nothing: some measures divide shares, some dollars; else ""."""
    bases = [row.denominator for row in rows if known(row.denominator)]
    if any(0 < base <= 1 and base != int(base) for base in bases):
        return "share"
    return "dollars" if measure.unit == "dollars" else ""


def _counted_unit(text: str) -> str:
    """Return what a numerator or denominator counts: "exits" for "Exits that completed", "residents" for "Distinct residents …"."""
    return next((word for word in text.lower().replace(",", "").split()[:2] if word in COUNTS), "residents")


def _or_not_shown(value: float | None, row: Row) -> float | str | None:
    """Return the cell next to a hidden number; the reason stands in the number's own cell."""
    return "not shown" if value is None and is_hidden(row) else value
