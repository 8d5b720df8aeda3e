"""Serve the dashboard, or the floor, as serve.py does, and log the time of each page run.

`BENCH_LOG=FILE python -m benchmarks.launch --port N [--floor]`. It writes a JSON line for each run, timed from
the click's message to the last message sent, so that waiting in the server counts. None of this is in the dashboard.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import serve
from server import app, document

FLOOR = Path(__file__).parent / "floor" / "empty.py"
_SHORT = 400  # bytes: the message that ends a run is shorter, and only short messages are parsed


class Timed(app.Dashboard):
    """The dashboard with a clock at its message channel."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] != "websocket":
            await super().__call__(scope, receive, send)
            return
        run = {"began": 0.0, "bytes": 0, "messages": 0}

        async def receiving() -> Message:
            message = await receive()
            if message.get("bytes") and _is_rerun(message["bytes"]):
                run.update(began=time.perf_counter(), bytes=0, messages=0)
            return message

        async def sending(message: Message) -> None:
            await send(message)
            payload = message.get("bytes")
            if payload:
                run["bytes"] += len(payload)
                run["messages"] += 1
                if len(payload) < _SHORT and _is_over(payload):
                    _write(run)

        await super().__call__(scope, receiving, sending)


def _is_rerun(payload: bytes) -> bool:
    message = BackMsg()
    message.ParseFromString(payload)
    return message.WhichOneof("type") == "rerun_script"


def _is_over(payload: bytes) -> bool:
    message = ForwardMsg()
    message.ParseFromString(payload)
    return message.WhichOneof("type") == "script_finished" and message.script_finished in (
        ForwardMsg.FINISHED_SUCCESSFULLY,
        ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    )


def _write(run: dict[str, float]) -> None:
    took = (time.perf_counter() - run["began"]) * 1000
    with Path(os.environ["BENCH_LOG"]).open("a") as log:
        log.write(json.dumps({"ms": round(took, 2), "bytes": run["bytes"], "messages": run["messages"]}) + "\n")


def main() -> int:
    """Serve until stopped."""
    app.Dashboard = Timed  # type: ignore[misc]
    if "--floor" in sys.argv:
        sys.argv.remove("--floor")
        document.links = document.stylesheet = lambda: ""
        app.SCRIPT = FLOOR
    return serve.main()


if __name__ == "__main__":
    sys.exit(main())
