"""Two questions a load balancer asks. Neither answer holds a number of the dashboard's."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from components import cached_queries, store_state
from data import audit_log
from server import integrity, prewarm


async def alive(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "alive"})


def ready(_: Request) -> JSONResponse:
    """A delivery is loaded and as it was published, and the record of use can be written; else 503 and what is missing. is_prepared: whether what readers
    ask first is worked out (server/prewarm.py); until then they wait for it."""
    missing = [] if audit_log.is_writable() else ["the record of use cannot be written"]
    fault = store_state.current_fault()
    if fault is not None:
        missing.append(f"{fault.summary}: incident {fault.incident}")
    elif cached_queries.current() is None:
        missing.append("no delivery is published")
    elif integrity.faults():
        missing.append("the delivery on screen is not as it was published")
    if missing:
        return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
    return JSONResponse({"status": "ready", "is_prepared": prewarm.is_ready()})


ROUTES = [Route("/healthz", alive, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]
