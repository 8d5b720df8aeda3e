"""Read Streamlit's signed sign-in cookie before any page runs.

This is the only module that uses Streamlit's private functions. tests/server/ checks their behavior for the pinned version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.cookies import CookieError, SimpleCookie

from streamlit.web.server.starlette import starlette_websocket as streamlit_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from components import auth_session


def claims(cookies: Mapping[str, str]) -> dict[str, object]:
    """Return the claims of the sign-in in these cookies.

    Returns:
        The claims, or {} if there is no sign-in, or it is forged, damaged or for another address.
    """
    try:
        signed = streamlit_websocket._get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
        user = streamlit_websocket._parse_decoded_user_cookie(signed, auth_session.origin()) if signed else {}
        return user if isinstance(user, dict) else {}
    except Exception:
        return {}  # an unreadable cookie is no sign-in


def set_by(lines: Iterable[str]) -> dict[str, str]:
    """Return the cookies that Set-Cookie lines would leave in a browser, by name, without the deleted ones."""
    values: dict[str, str] = {}
    for line in lines:
        jar = SimpleCookie()
        try:
            jar.load(line)
        except CookieError:
            continue
        values |= {name: morsel.value for name, morsel in jar.items() if morsel.value and morsel["max-age"] != "0"}
    return values
