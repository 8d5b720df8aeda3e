"""The one component of our own: hands HTML, figures and a file to the browser, and what the reader did back to its act.

Its script is a file, as the content policy demands, and so is Plotly's: the part of it that draws bars, lines and points, a quarter of
the whole that comes with the Python package, and of the same version (`library/`, from plotly.js-basic-dist-min; `server/static_assets.py` serves it).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from plotly.graph_objects import Figure
from plotly.utils import PlotlyJSONEncoder
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from components.memoize import kept
from components.url_state import url

_FOLDER = Path(__file__).parent
_NAME = "dashboard.sheet"
LIBRARY = _FOLDER / "library" / "plotly-basic.min.js"
VERSION = re.search(r"plotly\.js .*v([\d.]+)", LIBRARY.read_text(encoding="utf-8")[:200])[1]  # type: ignore[index]
ADDRESS = f"/library/plotly-basic-{VERSION}.min.js"  # where our server has it, compressed and kept by browsers
_WITHOUT_SERVER = f"/_stcore/bidi-components/{_NAME}/library/{LIBRARY.name}"  # where `streamlit run` alone has it
_LONGEST = 4_000  # letters a reader's choice can have
_mount: Callable[..., Any] | None = None
library = _WITHOUT_SERVER


def behind_server() -> None:
    """Called once by our server: it has Plotly's script at an address of its own."""
    global library
    library = url(ADDRESS)


def packed(
    *, html: str, figures: Mapping[str, Figure], bodies: Mapping[str, str], file: Mapping[str, str] | None
) -> bytes:
    """A sheet as the browser gets it, JSON in bytes. bodies: what its folds say. file: name and text, saved by the browser once."""
    data = {"html": _json(html)}
    if figures:
        said = ",".join(f"{_json(name)}:{_said(figure)}" for name, figure in figures.items())
        data |= {"figures": f"{{{said}}}", "library": _json(library)}
    if bodies:
        data["bodies"] = _json(bodies)
    if file:
        data["file"] = _json({**file, "id": secrets.token_hex(8)})
    # bytes: Streamlit writes a dict out twice and looks into every corner of it for data frames
    return ("{" + ",".join(f"{_json(name)}:{value}" for name, value in data.items()) + "}").encode()


def draw(*, key: str, sent: bytes, acts: Mapping[str, Callable[[Any], None]]) -> None:
    """Draw a sheet. key: unique on the page; the sheet it names is kept and changed in place. sent: from `packed`.

    Streamlit runs callbacks that an earlier run of the session registered. A page that stays open while its server restarts
    speaks to a new session, which has none: the choice is carried out here, and the page runs again.
    """
    is_first = key not in st.session_state
    drawn = _component()(key=key, data=sent, on_said_change=lambda: _do(st.session_state[key].said, acts))
    if is_first and drawn.said is not None:
        _do(drawn.said, acts)
        st.rerun()


@kept
def _said(figure: Figure) -> str:
    """A figure as Plotly reads it, as JSON. What is the same for all is added where it is drawn."""
    return json.dumps(figure.to_plotly_json(), cls=PlotlyJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _do(said: Any, acts: Mapping[str, Callable[[Any], None]]) -> None:
    """Do what the reader asked for, if it is on the sheet they had."""
    if not isinstance(said, list) or len(said) != 2:
        return
    name, value = said
    if not isinstance(value, bool) and not _is_text(value):
        return
    found = acts.get(name) if isinstance(name, str) else None
    if found is not None:
        found(value)


def _is_text(value: Any) -> bool:
    """Whether it is text of some sense: not too long, and no half of a letter, which no address can hold."""
    return isinstance(value, str) and len(value) <= _LONGEST and not re.search("[\ud800-\udfff]", value)


def _component() -> Callable[..., Any]:
    """The component, made known to the server that runs."""
    global _mount
    manager = get_bidi_component_manager()
    if _mount is None or manager.get(_NAME) is None:
        manifest = ComponentManifest("dashboard", "1", [ComponentConfig("sheet", asset_dir=_FOLDER.name)])
        manager.register_from_manifest(manifest, _FOLDER.parent)
        _mount = st.components.v2.component(_NAME, js="sheet.js", isolate_styles=False)
    return _mount
