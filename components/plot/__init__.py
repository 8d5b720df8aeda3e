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
import streamlit as st
from plotly.utils import PlotlyJSONEncoder
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from components import gate
from components.graph import Figure, plain

LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
ADDRESS = f"/library/plotly-{plotly.__version__}.min.js"  # where our server has it, compressed and kept by browsers
_WITHOUT_SERVER = f"/_stcore/bidi-components/dashboard.library/{LIBRARY.name}"  # where `streamlit run` alone has it
_NAME = "dashboard.plot"
_mount: Callable[..., Any] | None = None


def draw(figure: Figure, *, words: str, key: str, on_pick: Callable[[Any], None] | None = None) -> None:
    """Draw a figure as high as its layout says, or, without a height, as high as its place.

    words: the text alternative. key: unique on the page; the chart it names is kept. on_pick: called with the customdata of a
    point that is clicked.
    """
    height = figure.layout.height
    more: dict[str, Any] = {}
    if on_pick is not None:
        more["on_picked_change"] = lambda: on_pick(st.session_state[key].picked)
    library = ADDRESS if gate.is_behind_server() else _WITHOUT_SERVER
    _component()(
        key=key,
        data={"figure": to_json(figure), "words": words, "library": library},
        height=int(height) if height else "stretch",
        **more,
    )


def to_json(figure: Figure) -> str:
    """A figure as Plotly reads it. The template is the same for all and added where it is drawn."""
    said = {"data": plain(figure.data), "layout": plain(figure.layout)}
    return json.dumps(said, cls=PlotlyJSONEncoder, separators=(",", ":"))


def _component() -> Callable[..., Any]:
    """The component, made known to the server that runs. Its script is a file: the content policy runs no other."""
    global _mount
    manager = get_bidi_component_manager()
    if _mount is None or manager.get(_NAME) is None:
        for name, folder in (("plot", Path(__file__).parent), ("library", LIBRARY.parent)):
            manifest = ComponentManifest("dashboard", "1", [ComponentConfig(name, asset_dir=folder.name)])
            manager.register_from_manifest(manifest, folder.parent)
        _mount = st.components.v2.component(_NAME, js="plot.js", isolate_styles=False)
    return _mount
