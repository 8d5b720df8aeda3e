"""The two health checks of a load balancer. Neither response contains a number from the dashboard."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from components import cached_queries, store_state
from data import audit_log
from server import integrity


async def alive(_: Request) -> JSONResponse:
    """Report that the process answers."""
    return JSONResponse({"status": "alive"})


def ready(_: Request) -> JSONResponse:
    """Report whether a delivery is loaded and unchanged since it was published, and the audit log can be written.

    Returns:
        503 and what is missing, or 200.
    """
    missing = [] if audit_log.is_writable() else ["the audit log cannot be written"]
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
