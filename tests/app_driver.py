"""How a test reads what a page said and drew, and does what a reader does on it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest


def sheets(app: AppTest) -> list[dict[str, Any]]:
    """What each sheet of a page handed to the browser: html, figures, bodies of folds, file."""
    return [json.loads(element.proto.bytes) for element in app.get("bidi_component")]


def html(app: AppTest) -> str:
    """Everything a page said, as HTML, with what a reader can open; the stylesheet is left out."""
    alone = [str(element.proto.body) for element in app.get("html")]
    whole = "\n".join([*(body for body in alone if "<style>" not in body), *(sheet["html"] for sheet in sheets(app))])
    return "\n".join([whole, *(body for sheet in sheets(app) for body in sheet.get("details", {}).values())])


def text(app: AppTest) -> str:
    """Everything a page said, as a reader reads it: tags taken away."""
    titles = [str(part.value) for part in app.title]
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join([*titles, html(app)])))


def lead(app: AppTest) -> str:
    """The sentence a page opens with, as HTML."""
    return re.search(r'<p class="lead">(.*?)</p>', html(app)).group(1)


def figures(app: AppTest) -> dict[str, Any]:
    """Every figure a page drew, by its name."""
    return {name: figure for sheet in sheets(app) for name, figure in sheet.get("figures", {}).items()}


def files(app: AppTest) -> list[dict[str, str]]:
    """The files handed over with the last run: name, text, id."""
    return [sheet["file"] for sheet in sheets(app) if "file" in sheet]


def say(app: AppTest, name: object, value: object) -> AppTest:
    """Do what a reader does: choose, press, follow, open. The page runs again."""
    drawn = {element.proto.id: json.loads(element.proto.bytes)["html"] for element in app.get("bidi_component")}
    marks = (f'data-event="{name}"', f'data-plot="{str(name).removeprefix("pick:")}"')
    having = [sheet for sheet, body in drawn.items() if any(mark in body for mark in marks)]
    return send(app, [*drawn, *having][-1], [name, value])


def send(app: AppTest, sheet: str, said: object) -> AppTest:
    """Send a sheet's message as the browser writes it, whatever is in it. The page runs again."""
    message = json.dumps([{"event": "action", "value": said}])
    state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{sheet}__events", json_trigger_value=message)
    return app._run(WidgetStates(widgets=[state]))
