"""Read what a page sent to the browser in a test, and do what a reader does on it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest


def views(app: AppTest) -> list[dict[str, Any]]:
    """What each HTML view of a page sent to the browser: html, figures, details, file.

    Without the charts ahead, which come again with their view.
    """
    sent = [json.loads(element.proto.bytes) for element in app.get("bidi_component")]
    return [{name: value for name, value in view.items() if name != "ahead"} for view in sent]


def html(app: AppTest) -> str:
    """Everything on a page as HTML, with what a reader can open; without the stylesheet."""
    bodies = [str(element.proto.body) for element in app.get("html")]
    parts = [body for body in bodies if "<style>" not in body]
    parts += [view["html"] for view in views(app)]
    parts += [body for view in views(app) for body in view.get("details", {}).values()]
    return "\n".join(parts)


def text(app: AppTest) -> str:
    """Everything on a page as text, without tags."""
    titles = [str(title.value) for title in app.title]
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join([*titles, html(app)])))


def lead(app: AppTest) -> str:
    """The sentences a page opens with, as HTML."""
    match = re.search(r'<p class="lead">(.*?)</p>(?:\s*<p class="lead-more">(.*?)</p>)?', html(app))
    assert match, "the page has no lead"
    return " ".join(filter(None, match.groups()))


def figures(app: AppTest) -> dict[str, Any]:
    """Every figure on a page, by its name."""
    return {name: figure for view in views(app) for name, figure in view.get("figures", {}).items()}


def files(app: AppTest) -> list[dict[str, str]]:
    """The files that the last run gave the reader: name, text, id."""
    return [view["file"] for view in views(app) if "file" in view]


def say(app: AppTest, name: object, value: object) -> AppTest:
    """Do what a reader does: choose, press, follow, open. The page runs again."""
    html_by_id = {element.proto.id: json.loads(element.proto.bytes)["html"] for element in app.get("bidi_component")}
    with_control = [view for view, body in html_by_id.items() if f'data-event="{name}"' in body]
    return send(app, [*html_by_id, *with_control][-1], [name, value])


def send(app: AppTest, view: str, action: object) -> AppTest:
    """Send what a view sends when a reader acts on it, whatever it is. The page runs again.

    AppTest has no public way to act on a custom component: this writes the message as Streamlit's own script does.
    """
    message = json.dumps([{"event": "action", "value": action}])
    state = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{view}__events", json_trigger_value=message)
    return app._run(WidgetStates(widgets=[state]))
