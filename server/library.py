"""The script that draws charts (components/sheet/library): compressed once, kept by browsers until its version changes."""

from __future__ import annotations

import gzip
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.sheet import mount


@lru_cache(maxsize=1)
def _compressed() -> bytes:
    return gzip.compress(mount.LIBRARY.read_bytes(), compresslevel=6, mtime=0)


def script(request: Request) -> Response:
    """The script, compressed for whoever takes it so."""
    said = {"cache-control": "private, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_compressed(), media_type="text/javascript", headers={**said, "content-encoding": "gzip"})
    return Response(mount.LIBRARY.read_bytes(), media_type="text/javascript", headers=said)


ROUTES = [Route(mount.ADDRESS, script, methods=["GET"])]
