"""Reading Streamlit's signed sign-in cookie before any page runs. The one place that leans on Streamlit's own parts:
tests/server/ holds them to what is expected here, for the version that requirements.txt pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from streamlit.web.server.starlette import starlette_websocket as inner
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from components import auth_session


def claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """The claims of the sign-in that these cookies carry; {} if there is none, it is forged, damaged, or for another
    address."""
    try:
        signed = inner._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
        found = inner._parse_decoded_user_cookie(signed, auth_session.origin()) if signed else {}
        return found if isinstance(found, dict) else {}
    except Exception:
        return {}  # whatever is wrong with a cookie, its bearer is not signed in


def set_by(lines: Iterable[str]) -> dict[str, str]:
    """The cookies that Set-Cookie lines would leave in a browser, by name; deleted ones left out."""
    found: dict[str, str] = {}
    for line in lines:
        jar = SimpleCookie()
        try:
            jar.load(line)
        except CookieError:
            continue
        found |= {name: morsel.value for name, morsel in jar.items() if morsel.value and morsel["max-age"] != "0"}
    return found
