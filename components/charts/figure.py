"""What a chart is made of, in Plotly's words: marks and a layout, handed to Plotly in the browser as they stand.

Plotly's own objects check every word of every figure, which is most of what a chart costs the server: three quarters of it.
Here the words are checked once, by the tests, which hand every figure of every page to `plotly.graph_objects`.
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
    """Bars: x, y, orientation ("h" lies), width, marker, text, hovertext, error_x."""

    def __init__(self, **said: Any) -> None:
        super().__init__(type="bar", **said)


class Scatter(Spec):
    """Lines, areas and points: x, y, mode, line, marker, fill, hovertext."""

    def __init__(self, **said: Any) -> None:
        super().__init__(type="scatter", **said)


class Figure:
    """Marks on a layout."""

    def __init__(self, marks: Any, layout: dict[str, Any]) -> None:
        self.data = list(marks) if isinstance(marks, (list, tuple)) else [marks]
        self.layout = Spec(layout)


def plain(value: Any) -> Any:
    """The same without what is not said: in a dict, None is as good as nothing."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], dict):
        return [plain(one) for one in value]
    return value
