"""The pages before the dashboard: sign in, no role, refused. Plain HTML without scripts, from a single template.

The requested address is stored in a cookie for ten minutes while the reader is at the identity provider.
"""

from __future__ import annotations

import html
from functools import lru_cache
from http.cookies import SimpleCookie
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse, Response
from streamlit.user_info import generate_login_redirect_url

from components import auth_session
from components.page_list import page_at
from components.store_state import StoreFault
from components.url_state import inner_path, url

RETURN_COOKIE = "dashboard_way_back"
_MINUTES = 10
_REFRESH_SECONDS = 15  # seconds
_MAX_LENGTH = 1500  # characters; longer addresses lead to the front page


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _page(
    title: str, *paragraphs: str, links: dict[str, str] | None = None, status: int, refresh_after: int | None = None
) -> HTMLResponse:
    """Return a page. All text is escaped here.

    Args:
        title: Title and heading.
        *paragraphs: The text.
        links: Buttons: label by address.
        status: HTTP status.
        refresh_after: Seconds until the browser reloads the page by itself.
    """
    paragraphs_html = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    buttons = "".join(
        f'<a class="button" href="{html.escape(to, quote=True)}">{html.escape(label)}</a>'
        for to, label in (links or {}).items()
    )
    refresh = f'<meta http-equiv="refresh" content="{refresh_after}">\n' if refresh_after else ""
    text = _template().substitute(title=html.escape(title), paragraphs=paragraphs_html, links=buttons, refresh=refresh)
    return HTMLResponse(text, status, headers={"retry-after": str(refresh_after)} if refresh_after else None)


def page_address(address: str) -> str:
    r"""Return the address if it leads to a page of the dashboard, or the front page: readers are never sent elsewhere.

    Only the path of a listed page and its parameters are used, and they are encoded again, so that no trick of notation
    (`//host`, `/\host`, `%2f%2fhost`, line ends) survives.
    """
    try:
        parts = urlsplit(address if len(address) <= _MAX_LENGTH else "/")
        parameters = parse_qs(parts.query, max_num_fields=40)
    except ValueError:
        return url("/")
    page = page_at(inner_path(parts.path))
    if parts.scheme or parts.netloc or page is None:
        return url("/")
    return url(page.path, {name: values[-1] for name, values in parameters.items()})


def page(address: str, *, has_expired: bool = False) -> HTMLResponse:
    """Return the sign-in page for a reader who requested this address."""
    to = page_address(address)
    names = auth_session.providers()
    links = {
        url("/sign-in", {"provider": name, "to": to}): "Sign in"
        if len(names) == 1
        else f"Sign in with {name.capitalize() if name != 'default' else 'the main account'}"
        for name in names
    }
    ended = (f"Your session ended after {auth_session.session_hours():g} hours.",) if has_expired else ()
    destination = (
        "After signing in, you return to the page you requested." if to != url("/") else "Use your work account."
    )
    return _page("Sign in", *ended, "These numbers are for signed-in readers.", destination, links=links, status=401)


def no_role(account: str) -> HTMLResponse:
    """Return the page for an account that has no role in access.toml."""
    return _page(
        "Signed in, but no role here",
        f"You are signed in as {account}. This account has no role in the dashboard, so there is nothing to show.",
        "Ask the analyst to give it one; then reload this page.",
        links={url("/auth/logout"): "Sign out"},
        status=403,
    )


def refused(title: str, *paragraphs: str, status: int = 403) -> HTMLResponse:
    """Return the page for any other refusal."""
    return _page(title, *paragraphs, status=status)


def unreadable(fault: StoreFault, here: str, *, with_commands: bool) -> HTMLResponse:
    """Return the page that replaces all others while the store cannot be read. The browser reloads it by itself.

    Args:
        fault: What is wrong.
        here: The requested address.
        with_commands: Whether the reader may see the command that repairs the store.
    """
    steps = (f"To repair it: {fault.command}",) if with_commands else ()
    links = {page_address(here): "Try again"}
    return _page(fault.title, *fault.paragraphs, *steps, links=links, status=503, refresh_after=_REFRESH_SECONDS)


def broken(number: str) -> HTMLResponse:
    """Return the page shown after an error. `number` is the incident's number in the log."""
    return _page(
        "Something went wrong",
        f"An error occurred. The log explains it under incident {number}.",
        "Try again. If the error persists, give the analyst the number above.",
        links={url("/"): "Back to the dashboard"},
        status=500,
    )


def begin(query: str) -> Response:
    """Handle `/sign-in?provider=…&to=…`: store the address in a cookie and redirect to the provider, as `st.login` does."""
    address = parse_qs(query)
    provider = address.get("provider", ["default"])[-1]
    if provider not in auth_session.providers():
        return _page("No such provider", "Go back and choose again.", links={url("/"): "Back"}, status=404)
    response = RedirectResponse(generate_login_redirect_url(provider), status_code=302)
    to = page_address(address.get("to", ["/"])[-1])
    response.set_cookie(RETURN_COOKIE, to, max_age=_MINUTES * 60, httponly=True, samesite="lax", path=callback_path())
    return response


def return_address(cookie_header: str) -> str:
    """Return the address that `begin` stored, checked again because others can write cookies."""
    cookie = SimpleCookie()
    try:
        cookie.load(cookie_header)
    except Exception:
        return url("/")
    return page_address(cookie[RETURN_COOKIE].value) if RETURN_COOKIE in cookie else url("/")


def callback_path() -> str:
    """Return the path that the provider sends readers back to."""
    return url("/oauth2callback")
