"""Wait in any thread for the calls of an asynchronous client, which run on an event loop of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from threading import Lock, Thread
from typing import TypeVar

T = TypeVar("T")
SECONDS_TO_END = 5.0  # how long a call that was stopped may take to end


class LoopCalls:
    """Calls on an event loop that another thread runs."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = Lock()
        self._has_ended = False

    def wait(self, call: Callable[[], Awaitable[T]]) -> T:
        """Wait for a call, and stop waiting on Ctrl-C, which a client's blocking calls do not.

        Raises:
            CancelledError: The loop is stopping. It would never run a call that came after that.
        """

        async def waiting() -> T:
            return await call()

        with self._lock:
            if self._has_ended:
                raise CancelledError
            future = asyncio.run_coroutine_threadsafe(waiting(), self._loop)
        try:
            return future.result()
        finally:
            future.cancel()

    def end(self) -> None:
        """Stop the loop, and with it the calls that threads still wait for."""
        with self._lock:
            self._has_ended = True
            self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def loop_calls(name: str) -> Iterator[LoopCalls]:
    """Run an event loop in a thread of this name: the caller may have a loop of its own, which cannot run another."""
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_forever()
        running = asyncio.all_tasks(loop)  # stopped by Ctrl-C and not at their end yet, or threads wait for them
        for task in running:
            task.cancel()
        if running:
            loop.run_until_complete(asyncio.wait(running, timeout=SECONDS_TO_END))
        loop.close()

    thread = Thread(target=run, name=name)
    thread.start()
    calls = LoopCalls(loop)
    try:
        yield calls
    finally:
        calls.end()
        thread.join()
