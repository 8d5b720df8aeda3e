"""A chart as HTML: boxes for bars, points and words, one image for its lines.

Everything stands at a share of the plot's width and at a pixel of its height, so the browser alone fits a chart to the window,
with no script. Colors of words and thin lines follow the theme in style.css. Streamlit's `st.html` lets no SVG through, so
lines are an image whose strokes keep their width however it is stretched.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from components.graph import Bar, Figure, Spec
from components.numbers import known
from components.palette import ACCENT

_ACROSS = {"left": "0", "center": "-50%", "right": "-100%"}
_DOWN = {"top": "0", "middle": "-50%", "bottom": "-100%"}
_DASH = {"dash": "9 9", "dot": "3 3"}
_IN_ADDRESS = "/:=,() '"  # of a drawing, as they stand; what else is there is escaped
_EDGE = {"solid": "solid", "dash": "dashed", "dot": "dotted"}


class _Axis:
    """Where a value stands between the two ends of an axis."""

    def __init__(self, look: Spec, values: Sequence[Any]) -> None:
        self.look = look
        there = [_number(value) for value in values if value is not None]
        low, high = look.range or ((min(there), max(there)) if there else (0, 1))
        self.low = _number(low)
        self.span = (_number(high) - self.low) or 1

    def at(self, value: Any) -> float:
        """0 at the left or the foot, 100 at the right or the head."""
        return (_number(value) - self.low) / self.span * 100

    def wide(self, amount: float) -> float:
        """A length on the axis as a share of it."""
        return abs(amount / self.span * 100)


def html_of(figure: Figure, alt: str) -> str:
    """The chart as HTML for `style.block`. alt: the text alternative that is read out in its place."""
    look = figure.layout
    margin = look.margin
    x = _Axis(look.xaxis or Spec(), [v for mark in figure.data for v in mark.x])
    y = _Axis(look.yaxis or Spec(), [v for mark in figure.data for v in mark.y])
    body = [_grid(x, y), *(_shape(one, x, y) for one in look.shapes or () if one.layer == "below")]
    lines = [_line(mark, x, y) for mark in figure.data if not isinstance(mark, Bar) and "lines" in mark.mode]
    if any(lines):
        body.append(_image("".join(lines)))
    feet: dict[Any, float] = {}  # where the next part of a stacked bar begins
    for mark in figure.data:
        if isinstance(mark, Bar):
            body += _bars(mark, x, y, feet if look.barmode == "stack" else None)
        else:
            body += _points(mark, x, y)
    body += [_shape(one, x, y) for one in look.shapes or () if one.layer != "below"]
    body += [_ticks(x, y), *(_word(note, x, y) for note in look.annotations or ())]
    inset = f"left:{margin.l}px;right:{margin.r}px;top:{margin.t}px;bottom:{margin.b}px"
    return (
        f'<div class="chart" role="img" aria-label="{html.escape(alt)}" style="height:{look.height}px">'
        f'{_legend(figure) if look.showlegend else ""}<div class="plot" style="{inset}">{"".join(body)}</div></div>'
    )


def _number(value: Any) -> float:
    return float(value.toordinal() if isinstance(value, date) else value)


def _one(values: Any, position: int) -> Any:
    """The value of one mark where each may have its own."""
    return values[position] if isinstance(values, (list, tuple)) else values


def _tip(mark: Any, position: int) -> str:
    """What a mark says under the pointer, as an attribute."""
    text = _one(mark.hovertext, position)
    return f' data-tip="{html.escape(html.unescape(text.replace("<br>", " ")))}"' if text else ""


def _box(kind: str, place: str, more: str = "", inside: str = "") -> str:
    return f'<i class="{kind}" style="{place}"{more}>{inside}</i>'


def _bars(mark: Any, x: _Axis, y: _Axis, feet: dict[Any, float] | None) -> list[str]:
    found = []
    lies = mark.orientation == "h"
    for i, (length, place) in enumerate(zip(mark.x, mark.y, strict=True) if lies else zip(mark.y, mark.x, strict=True)):
        along, across = (x, y) if lies else (y, x)
        foot = feet.get(place, 0.0) if feet is not None else 0.0
        if feet is not None:
            feet[place] = foot + length
        start, end = sorted((along.at(foot), along.at(foot + length)))
        thick = across.wide(mark.width or 0.7)
        middle = across.at(place)
        side = f"{'left' if lies else 'bottom'}:{start:.2f}%;{'width' if lies else 'height'}:{end - start:.2f}%"
        girth = f"{'bottom' if lies else 'left'}:{middle - thick / 2:.2f}%;{'height' if lies else 'width'}:{thick:.2f}%"
        said = _one(mark.text, i) or ""
        if end > start:
            style = f"{side};{girth};background:{_one(mark.marker.color, i)}"
            found.append(_box("bar part" if said else "bar", style, _tip(mark, i), f"<b>{said}</b>" if said else ""))
        up, down = (mark.error_x["array"][i], mark.error_x["arrayminus"][i]) if mark.error_x else (0, 0)
        if up or down:
            low = x.at(length - down)
            found.append(_box("whisker", f"left:{low:.2f}%;width:{x.at(length + up) - low:.2f}%;bottom:{middle:.2f}%"))
    return found


def _points(mark: Any, x: _Axis, y: _Axis) -> list[str]:
    """Points, and where a line has none of its own, places under the pointer that say what the line does there."""
    is_drawn, found = "markers" in mark.mode, []
    if not is_drawn and not mark.hovertext:
        return []
    for i, (a, b) in enumerate(zip(mark.x, mark.y, strict=True)):
        size = _one(mark.marker.size, i) if is_drawn else 0
        at, level = x.at(a), y.at(b)
        place = f"left:{at:.2f}%;bottom:{level:.2f}%"
        symbol = _one(mark.marker.symbol, i) or "circle" if is_drawn else ""
        edge = mark.marker.line.width if is_drawn and mark.marker.line else 0
        color = _one(mark.marker.color, i) if is_drawn else mark.line.color
        kind = f"point {symbol}" if size else "hit"
        kind += " far" if at > 55 else ""
        girth = f";width:{size + edge:g}px;height:{size + edge:g}px;border-width:{edge:g}px" if size else ""
        found.append(_box(kind, f"{place};color:{color}{girth}", _tip(mark, i)))
    return found


def _line(mark: Any, x: _Axis, y: _Axis) -> str:
    points = [(x.at(a) * 10, 1000 - y.at(b) * 10) for a, b in zip(mark.x, mark.y, strict=True) if known(b)]
    if not points:
        return ""
    steps = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for a, b in points[1:]:
        steps.append(f"H{a:.1f}V{b:.1f}" if mark.line.shape == "hv" else f"L{a:.1f} {b:.1f}")
    fill = mark.fillcolor if mark.fill else "none"
    dash = f" stroke-dasharray='{_DASH[mark.line.dash]}'" if mark.line.dash in _DASH else ""
    return (
        f"<path d='{''.join(steps)}' fill='{fill}' stroke='{mark.line.color or ACCENT}' "
        f"stroke-width='{mark.line.width or 0}'{dash} stroke-linejoin='round' vector-effect='non-scaling-stroke'/>"
    )


def _image(paths: str) -> str:
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 1000' preserveAspectRatio='none'>{paths}</svg>"
    )
    return f'<img class="lines" alt="" src="data:image/svg+xml,{quote(drawing, safe=_IN_ADDRESS)}">'


def _grid(x: _Axis, y: _Axis) -> str:
    upright = [_box("grid", f"left:{x.at(v):.2f}%;top:0;bottom:0") for v in _lines(x)]
    level = [_box("grid", f"bottom:{y.at(v):.2f}%;left:0;right:0") for v in _lines(y)]
    return "".join((*upright, *level))


def _lines(axis: _Axis) -> Sequence[Any]:
    return axis.look.tickvals or () if axis.look.visible and axis.look.showgrid else ()


def _ticks(x: _Axis, y: _Axis) -> str:
    """The names along both axes."""
    kind = "tick y name" if y.look.tickfont else "tick y"
    below = [_box("tick x", f"left:{x.at(v):.2f}%", "", t) for v, t in _named(x)]
    beside = [_box(kind, f"bottom:{y.at(v):.2f}%", "", t) for v, t in _named(y)]
    return "".join((*below, *beside))


def _named(axis: _Axis) -> list[tuple[Any, str]]:
    if axis.look.visible is False or not axis.look.tickvals:
        return []
    return [(v, t) for v, t in zip(axis.look.tickvals, axis.look.ticktext, strict=True) if -0.5 <= axis.at(v) <= 100.5]


def _shape(one: Spec, x: _Axis, y: _Axis) -> str:
    """A reference line, upright or level, or an area as high as the plot."""
    left, right = (v * 100 if one.xref == "paper" else x.at(v) for v in (one.x0, one.x1))
    if one.type == "rect":
        return _box("area", f"left:{left:.2f}%;width:{right - left:.2f}%;background:{one.fillcolor}")
    edge = _EDGE[one.line.dash or "solid"]
    if one.x0 == one.x1:
        return _box("rule upright", f"left:{left:.2f}%;border-left-style:{edge}")
    return _box("rule level", f"bottom:{y.at(one.y0):.2f}%;border-top-style:{edge}")


def _word(note: Spec, x: _Axis, y: _Axis) -> str:
    """A label at a place in the plot."""
    left = note.x * 100 if note.xref == "paper" else x.at(note.x)
    foot = note.y * 100 if note.yref == "paper" else y.at(note.y)
    move = f"translate({_ACROSS[note.xanchor or 'center']},{_DOWN[note.yanchor or 'middle']})"
    place = f"left:calc({left:.2f}% + {note.xshift or 0}px);top:calc({100 - foot:.2f}% - {note.yshift or 0}px)"
    return _box("word", f"{place};transform:{move};text-align:{note.align or 'center'}", "", note.text)


def _legend(figure: Figure) -> str:
    parts = [f'<span><i style="background:{mark.marker.color}"></i>{mark.name}</span>' for mark in figure.data]
    return f'<div class="legend">{"".join(parts)}</div>'
