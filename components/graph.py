"""What a chart is made of before it is drawn (components/drawn.py): marks and a layout, said in Plotly's words.

The words are Plotly's so that whoever knows them can read every chart here; the page carries no chart library, which took
4.7 MB out of the first load and most of the time out of every click.
"""

from __future__ import annotations

from typing import Any


class Spec(dict[str, Any]):
    """A dict whose entries are attributes too, all the way down; None where there is none."""

    def __getattr__(self, name: str) -> Any:
        value = self.get(name)
        if isinstance(value, dict):
            return Spec(value)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
            return [Spec(one) for one in value]
        return value


class Bar(Spec):
    """Bars: x, y, orientation ("h" lies), width, marker color, text inside, hovertext, error_x."""


class Scatter(Spec):
    """Lines, areas and points: x, y, mode, line, marker, fill, hovertext."""


class Figure:
    """Marks on a layout."""

    def __init__(self, marks: list[Any], layout: dict[str, Any]) -> None:
        self.data, self.layout = marks, Spec(layout)
