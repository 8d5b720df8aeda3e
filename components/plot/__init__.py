"""One chart on the page: Plotly's figure in a component of our own, which keeps the chart and draws changes into it.

Streamlit's own chart is made anew whenever its figure changes; this one is updated in place, and sent without the template
that every figure carries. The script of Plotly comes from the installed package (`server/library.py` serves it).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import streamlit as st
from plotly.utils import PlotlyJSONEncoder
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
ADDRESS = f"/library/plotly-{plotly.__version__}.min.js"
_FOLDER = Path(__file__).parent
_NAME = "dashboard.plot"


def draw(figure: go.Figure, *, words: str, key: str, on_pick: Callable[[Any], None] | None = None) -> None:
    """Draw a figure as high as its layout says, or, without a height, as high as its place.

    words: the text alternative. key: unique on the page; the chart it names is kept. on_pick: called with the customdata of a
    point that is clicked.
    """
    height = figure.layout.height
    more: dict[str, Any] = {}
    if on_pick is not None:
        more["on_picked_change"] = lambda: on_pick(st.session_state[key].picked)
    _component()(
        key=key,
        data={"figure": to_json(figure), "words": words, "library": ADDRESS},
        height=int(height) if height else "stretch",
        **more,
    )


def to_json(figure: go.Figure) -> str:
    """What a figure says itself: the template is the same for all and added where it is drawn."""
    said = figure.to_dict()
    said["layout"].pop("template", None)
    return json.dumps({"data": said["data"], "layout": said["layout"]}, cls=PlotlyJSONEncoder, separators=(",", ":"))


def _component() -> Callable[..., Any]:
    """The component, made known to the server that runs. Its script is a file: the content policy runs no other."""
    manager = get_bidi_component_manager()
    if manager.get(_NAME) is None:
        project, _, name = _NAME.partition(".")
        manager.register_from_manifest(
            ComponentManifest(project, "1", [ComponentConfig(name, asset_dir="plot")]), _FOLDER.parent
        )
    return st.components.v2.component(_NAME, js="plot.js", isolate_styles=False)
