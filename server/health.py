"""Two questions a load balancer asks. Neither answer holds a number of the dashboard's."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from components import source, store_state
from data import record
from server import ahead, integrity


async def alive(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "alive"})


def ready(_: Request) -> JSONResponse:
    """A delivery is loaded and as it was published, and the record of use can be written; else 503 and what is missing. is_prepared: whether what readers
    ask first is worked out (server/ahead.py); until then they wait for it."""
    missing = [] if record.is_writable() else ["the record of use cannot be written"]
    fault = store_state.current_fault()
    if fault is not None:
        missing.append(f"{fault.summary}: incident {fault.incident}")
    elif source.current() is None:
        missing.append("no delivery is published")
    elif integrity.faults():
        missing.append("the delivery on screen is not as it was published")
    if missing:
        return JSONResponse({"status": "not ready", "missing": missing}, status_code=503)
    return JSONResponse({"status": "ready", "is_prepared": ahead.is_ready()})


ROUTES = [Route("/healthz", alive, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]
