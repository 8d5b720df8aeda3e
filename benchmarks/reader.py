"""A reader without a browser: a session over a real WebSocket with Streamlit's messages.

It does what the page's script does: it opens the channel, requests a page, sends the choice and the address with each click, and
caches long messages by their hash.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_NOT_SHOWN = ("id", "element_id", "form_id", "hash", "url", "key", "deferred_file_id")  # fields that no reader sees
_TIMEOUT = 120.0
_AHEAD = re.compile(r',"ahead":\{.*\}\}$')  # charts sent ahead, which come again with their view
_EVENT = re.compile(r'data-event="[^"]*"')


@dataclass
class Run:
    """The result of a page run: ms from the click to the last message, and the elements by position."""

    ms: float = 0.0
    elements: dict[tuple[int, ...], ForwardMsg] = field(default_factory=dict)
    bytes: int = 0

    @property
    def mark(self) -> int:
        """A hash of the elements, equal for equal runs: Streamlit gives equal elements equal hashes."""
        return hash(tuple((position, self.elements[position].hash) for position in sorted(self.elements)))

    @property
    def texts(self) -> list[str]:
        """All text on the page by position, including the figures in charts and tables."""
        return [text for position in sorted(self.elements) for text in _texts(self.elements[position].delta)]


def _texts(message: Message) -> Iterator[str]:
    for field_, value in message.ListFields():
        if field_.name in _NOT_SHOWN:
            continue
        for item in value if field_.is_repeated else [value]:
            if isinstance(item, Message):
                yield from _texts(item)
            elif isinstance(item, bytes) and field_.name == "bytes":  # of an HTML view
                yield _AHEAD.sub("}", item.decode())
            elif isinstance(item, str | bytes | float) and item:
                yield f"{field_.name}: {item!r}"


class Session:
    """A reader's session on a page."""

    def __init__(self, url: str, page: str) -> None:
        self._url, self._page = url, page
        self._channel: ClientConnection | None = None
        self._query, self._script = "", ""
        self._views: dict[str, str] = {}  # the id of the HTML view that has a control, by its event
        self._cached: dict[str, ForwardMsg] = {}

    async def open(self) -> Run:
        """Connect and run the page for the first time."""
        host = self._url.split("://")[1]
        self._channel = await connect(
            f"ws://{host}/_stcore/stream",
            origin=self._url,  # type: ignore[arg-type]
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],  # type: ignore[list-item]
            max_size=None,
            open_timeout=_TIMEOUT,
            ping_interval=None,  # a browser answers pings and sends none
        )
        return await self._run()

    async def choose(self, label: str, option: str) -> Run:
        """Choose an option of the filter with this label, as the page's script does."""
        return await self._run(self._views[f'data-event="filter-{label.lower()}"'], [f"filter-{label.lower()}", option])

    async def close(self) -> None:
        """Close the channel."""
        if self._channel:
            await self._channel.close()

    async def _run(self, view: str = "", event: list[str] | None = None) -> Run:
        assert self._channel
        request = BackMsg()
        state = request.rerun_script
        state.query_string, state.page_script_hash = self._query, self._script
        state.page_name = "" if self._script else self._page.strip("/")
        state.context_info.url = self._url + self._page
        state.context_info.timezone, state.context_info.locale = "America/New_York", "en-US"
        state.cached_message_hashes.extend(self._cached)
        if event:
            done = state.widget_states.widgets.add()
            done.id = f"$$STREAMLIT_INTERNAL_KEY_{view}__events"
            done.json_trigger_value = json.dumps([{"event": "action", "value": event}])
        began = time.perf_counter()
        await self._channel.send(request.SerializeToString())
        run = Run()
        async with asyncio.timeout(_TIMEOUT):
            while True:
                payload = await self._channel.recv()
                run.bytes += len(payload)
                message = ForwardMsg()
                message.ParseFromString(payload)
                if self._receive(message, run):
                    break
        run.ms = (time.perf_counter() - began) * 1000
        used = {element.hash for element in run.elements.values()}
        self._cached = {key: element for key, element in self._cached.items() if key in used}
        return run

    def _receive(self, message: ForwardMsg, run: Run) -> bool:
        """Process a message. Returns whether it was the last of its run."""
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            full = ForwardMsg()
            full.CopyFrom(self._cached[message.ref_hash])
            full.metadata.CopyFrom(message.metadata)
            message, kind = full, "delta"
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            run.elements[tuple(message.metadata.delta_path)] = message
            if message.metadata.cacheable:
                self._cached[message.hash] = message
            element = message.delta.new_element
            if element.WhichOneof("type") == "bidi_component":
                view = element.bidi_component
                events = _EVENT.findall(json.loads(view.bytes)["html"])
                self._views |= dict.fromkeys(events, view.id)
            elif element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{self._page}: {element.exception.message}")
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "script_finished":
            return message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            )
        return False
