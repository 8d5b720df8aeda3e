"""The custom Streamlit component that shows HTML and charts, and calls the handler of what the reader does on it.

`st.components.v2.component` takes JavaScript as text or as a file. Text becomes a `blob:` address in the browser, which our content
policy forbids. Files are found only for installed packages, and the dashboard is not one, so `_registered` makes the folder known by the
same call that Streamlit uses for packages. That is the one place that goes beyond the documented interface.

Plotly's basic bundle is a quarter of the script in the Python package, of the same version (`static/plotly`).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from plotly.graph_objects import Figure
from plotly.utils import PlotlyJSONEncoder
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from components import serving
from components.html_view.cache import Choice, EventHandler, Part
from components.memoize import memoize
from components.url_state import url

if TYPE_CHECKING:
    from streamlit.components.v2.component_manager import BidiComponentManager
    from streamlit.components.v2.types import ComponentRenderer

_STATIC = Path(__file__).parent / "static"
_NAME = "dashboard.html_view"
LIBRARY = _STATIC / "plotly" / "plotly-basic.min.js"
VERSION = re.search(r"plotly\.js .*v([\d.]+)", LIBRARY.read_text(encoding="utf-8")[:200])[1]  # type: ignore[index]
ADDRESS = f"/library/plotly-basic-{VERSION}.min.js"  # where our server has it, compressed and cached by browsers
_SCRIPTS = (
    "view.js",
    "charts.js",
    "chart_keys.js",
    "chart_labels.js",
    "page_status.js",
    "share.js",
    "shown_before.js",
    "sort_tables.js",
    "idiomorph/idiomorph.esm.js",
)
MODULES = tuple(f"/_stcore/bidi-components/{_NAME}/{name}" for name in _SCRIPTS)
_WITHOUT_SERVER = f"/_stcore/bidi-components/{_NAME}/plotly/{LIBRARY.name}"  # where `streamlit run` has it
_MAX_CHOICE = 4_000  # letters of a reader's choice


def pack(
    *, html: str, figures: Mapping[str, Figure], details: Mapping[str, str], file: Mapping[str, str] | None
) -> bytes:
    """Return a view as the browser gets it: JSON in bytes.

    Args:
        html: the HTML of the view.
        figures: charts by the name of their place in the HTML.
        details: HTML that is shown when a `<details>` is opened, by its name.
        file: a file that the browser saves once: its `name`, and `text`, or `base64` with the media `type`.
    """
    data = {"html": _json(html)}
    if figures:
        data |= {
            "figures": _figures_json(figures),
            "library": _json(url(ADDRESS) if serving.is_behind_server() else _WITHOUT_SERVER),
        }
    if details:
        data["details"] = _json(details)
    if file:
        data["file"] = _json({**file, "id": secrets.token_hex(8)})
    # bytes: Streamlit would serialize a dict twice and search all of it for data frames
    return ("{" + ",".join(f"{_json(name)}:{value}" for name, value in data.items()) + "}").encode()


def with_ahead(part: Part, figures: Mapping[str, Figure]) -> Part:
    """Return a part that also brings charts of a part to come, by the name of their place."""
    return replace(part, data=part.data.removesuffix(b"}") + f',"ahead":{_figures_json(figures)}}}'.encode())


def draw(part: Part) -> None:
    """Draw a part of a page. A part of the same key that is on screen is updated in place.

    Streamlit calls the callbacks that an earlier run of the session registered. A page that stays open while its server restarts
    talks to a new session, which has none: the reader's choice is then handled here, and the page runs again.
    """
    is_first = part.key not in st.session_state

    def on_action_change() -> None:
        _handle(st.session_state[part.key].action, part.handlers)

    result = _component()(key=part.key, data=part.data, on_action_change=on_action_change)
    if is_first and result.action is not None:
        _handle(result.action, part.handlers)
        st.rerun()


def _figures_json(figures: Mapping[str, Figure]) -> str:
    return f"{{{','.join(f'{_json(name)}:{_figure_json(figure)}' for name, figure in figures.items())}}}"


@memoize
def _figure_json(figure: Figure) -> str:
    """Return a figure as JSON for Plotly. The browser adds what all charts share, such as the theme's colors."""
    return json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _handle(action: object, handlers: Mapping[str, EventHandler]) -> None:
    """Call the handler for `[event name, value]` as the browser sent it. Anything else is ignored: it may come from anybody."""
    if not isinstance(action, list) or len(action) != 2:
        return
    name, value = action
    handler = handlers.get(name) if isinstance(name, str) else None
    choice = _choice(value)
    if handler is not None and choice is not None:
        handler(choice)


def _choice(value: object) -> Choice | None:
    """Return what a control can send: true, false, or text that is not too long and has no lone surrogate; else None."""
    if isinstance(value, bool):
        return value
    is_text = isinstance(value, str) and len(value) <= _MAX_CHOICE and not re.search("[\ud800-\udfff]", value)
    return value if is_text and isinstance(value, str) else None


def register() -> None:
    """Make the component's scripts available before a page draws it: browsers are told to fetch them early (server/document.py)."""
    _component()


def _component() -> ComponentRenderer:
    """Return the component, registered with the server that runs now."""
    return _registered(get_bidi_component_manager())


@lru_cache(maxsize=1)
def _registered(manager: BidiComponentManager) -> ComponentRenderer:
    """Register the component. Every test of a page has a manager of its own, a server has one."""
    manifest = ComponentManifest("dashboard", "1", [ComponentConfig("html_view", asset_dir=_STATIC.name)])
    manager.register_from_manifest(manifest, _STATIC.parent)
    return st.components.v2.component(_NAME, js="view.js", isolate_styles=False)
