"""The two health checks of a load balancer. Neither response contains a number from the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from briefs import register
from components import cached_queries, store_state
from data import audit_log
from queries import written_notes
from server import integrity

_RECORDS: Mapping[str, Callable[[], bool]] = {
    "the audit log": audit_log.is_writable,
    "the register of files that leave": register.is_writable,
    "the file of dated notes": written_notes.is_writable,
}


async def alive(_: Request) -> JSONResponse:
    """Report that the process answers."""
    return JSONResponse({"status": "alive"})


def ready(_: Request) -> JSONResponse:
    """Report whether a delivery is loaded and unchanged since it was published, and what readers do can be recorded.

    That is: the audit log, the register of files that leave, and the notes of the page can be written.

    Returns:
        503 and what is missing, or 200.
    """
    missing = [f"{what} cannot be written" for what, is_writable in _RECORDS.items() if not is_writable()]
    fault = store_state.current_fault()
    if fault is not None:
        missing.append(f"{fault.summary}: incident {fault.incident}")
    elif cached_queries.current() is None:
        missing.append("no delivery is published")
    elif integrity.faults():
        missing.append("the published delivery has changed since it was published")
    if missing:
        return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
    return JSONResponse({"status": "ready"})


ROUTES = [Route("/healthz", alive, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]
