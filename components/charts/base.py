"""What every chart shares: rows in, one look, one set of words."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components import cached_queries
from components.charts.figure import Figure
from components.memoize import theme
from components.palette import CONTEXT, faded
from components.tables import Table
from components.text.format import interval, known, people, value_of
from components.url_state import shortened
from queries.privacy.suppression import is_hidden

FONT = 14
LINE = 17  # pixels a line of text takes
LETTER = 7.4  # pixels a letter takes, on the safe side
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True)
class Chart:
    """A figure, the table behind it, and a remark a reader needs to read it right ("" for none)."""

    figure: Figure
    table: Table
    remark: str = ""


def ink() -> str:
    """The color of thin lines that must show on a bar as well as on the background, in the reader's theme."""
    return "#E8EDF3" if theme() == "dark" else "#16202C"


def rows_of(data: Any, measure: Any = None) -> tuple[list[Any], Any]:
    """The rows and the measure of an Answer, or of rows and a measure (or its id)."""
    if hasattr(data, "rows"):
        return list(data.rows), data.measure
    if measure is None:
        raise TypeError("rows need the measure they belong to")
    return list(data), cached_queries.measure(measure) if isinstance(measure, str) else measure


def safe(text: object) -> str:
    """Text made safe inside Plotly, which reads a little HTML."""
    return html.escape(str(text), quote=False)


def wrapped(text: str, width: int = 20, lines: int = 3) -> str:
    """Text with a capital, on up to `lines` lines of `width` letters, safe for Plotly."""
    text = shortened(text, width * lines)
    parts = textwrap.wrap(text[:1].upper() + text[1:], width, break_long_words=True) or [""]
    return "<br>".join(safe(part) for part in parts)


def line_count(text: str) -> int:
    """Lines a wrapped text takes."""
    return text.count("<br>") + 1


def text_width(texts: Sequence[str]) -> int:
    """Pixels the widest of these texts takes."""
    longest = max((len(html.unescape(part)) for text in texts for part in text.split("<br>")), default=0)
    return int(longest * LETTER)


def describe(row: Any, measure: Any, name: str) -> str:
    """One row in words, for hovering: "Healthcare: 72% (552 of 762; 95% interval 69% to 75%)"."""
    details = []
    if measure.unit == "share" and None not in (row.numerator, row.denominator):
        details.append(f"{people(row.numerator)} of {people(row.denominator)}")
    span = interval(row.low, row.high, measure.unit)
    if span:
        details.append(f"95% interval {span}")
    text = f"{name}: {value_of(row, measure)}"
    return safe(text + (f" ({'; '.join(details)})" if details else ""))


def layout(height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 8, **more: Any) -> dict[str, Any]:
    """The layout all charts start from: transparent, no legend, no dragging, so that a finger scrolls the page."""
    return {
        "height": int(height), "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR, "showlegend": False, "dragmode": False,
        "hovermode": "closest", "font": {"size": FONT}, "bargap": 0.3, "hoverlabel": {"align": "left"}, **more,
    }  # fmt: skip


def quiet_axis(**more: Any) -> dict[str, Any]:
    """An axis nobody sees: values stand beside their marks."""
    return {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False, **more}


def grid_axis(**more: Any) -> dict[str, Any]:
    """An axis with faint lines and level labels."""
    return {
        "visible": True,
        "fixedrange": True,
        "zeroline": False,
        "showgrid": True,
        "gridcolor": faded(CONTEXT, 0.25),
        "tickangle": 0,
        "title": None,
        "ticks": "",
        "showline": False,
        **more,
    }


def name_axis(names: Sequence[str], positions: Sequence[float], low: float, high: float) -> dict[str, Any]:
    """The vertical axis of horizontal bars: wrapped names, first row on top."""
    return {
        "range": [high, low],
        "tickvals": list(positions),
        "ticktext": list(names),
        "fixedrange": True,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "automargin": False,
        "ticklabelstandoff": 8,
        "tickfont": {"size": FONT},
        "title": None,
    }


def vertical(value: float, *, dash: str = "dash") -> dict[str, Any]:
    """A thin reference line across the plot at `value`."""
    return {
        "type": "line",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "above",
        "line": {"color": CONTEXT, "width": 1.5, "dash": dash},
    }


def note(text: str, **where: Any) -> dict[str, Any]:
    """A label at a place in the plot, without an arrow."""
    return {"text": text, "showarrow": False, "font": {"size": FONT - 1}, **where}


def table_of(rows: Sequence[Any], measure: Any, labels: Mapping[str, str], key_name: str = "") -> Table:
    """The table behind a chart of one value a row; columns without anything to say are left out."""
    columns: dict[str, list[Any]] = {key_name or "Name": [labels.get(r.key, r.key) for r in rows]}
    units = {}
    columns[measure.label] = [_or_reason(r.value, r) for r in rows]
    units[measure.label] = measure.unit
    part_unit = "dollars" if measure.unit == "dollars" else "residents"
    rests_on = measure.unit in ("days", "dollars an hour")
    if any(known(r.denominator) for r in rows):
        fraction = any(
            known(r.denominator) and 0 < r.denominator <= 1 and r.denominator != int(r.denominator) for r in rows
        )
        part_unit = "share" if fraction else part_unit
        if any(known(r.numerator) for r in rows):
            columns["Counted"], units["Counted"] = [_or_not_shown(r.numerator, r) for r in rows], part_unit
        of = "Rests on" if rests_on else "Out of"
        columns[of], units[of] = (
            [_or_not_shown(r.denominator, r) for r in rows],
            "residents" if measure.unit == "dollars" else part_unit,
        )
    if any(known(r.low) for r in rows):
        columns["95% from"] = [_or_not_shown(r.low, r) for r in rows]
        columns["95% to"] = [_or_not_shown(r.high, r) for r in rows]
        units |= {"95% from": measure.unit, "95% to": measure.unit}
    if any(r.note for r in rows if not is_hidden(r)):
        columns["Note"] = ["" if is_hidden(r) else r.note or "" for r in rows]
    return Table(columns, units)


def _or_reason(value: Any, row: Any) -> Any:
    """A cell's number, or why it is held back: on screen and in the file alike."""
    return row.note if value is None and is_hidden(row) else value


def _or_not_shown(value: Any, row: Any) -> Any:
    """What goes with a number that is held back; its reason stands in the number's own cell."""
    return "not shown" if value is None and is_hidden(row) else value
