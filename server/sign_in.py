"""The pages before the dashboard: sign in, signed in but no role, refused. Plain HTML, no script, one template.

And the way back: the address that was asked for is kept in a cookie of ten minutes while the reader is at the provider.
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
from components.page_list import PAGES
from components.store_state import StoreFault
from components.url_state import inner_path, url

WAY_BACK = "dashboard_way_back"
_MINUTES = 10
_LOOK_AGAIN = 15  # seconds
_LONGEST = 1500  # characters of an address worth keeping; longer ones start at the front page


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def _page(
    title: str, *paragraphs: str, links: dict[str, str] | None = None, status: int, refresh_after: int | None = None
) -> HTMLResponse:
    """links: address to label, drawn as buttons. refresh_after: seconds until the browser asks again by itself. Everything is
    escaped here."""
    words = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    buttons = "".join(
        f'<a class="button" href="{html.escape(to, quote=True)}">{html.escape(label)}</a>'
        for to, label in (links or {}).items()
    )
    refresh = f'<meta http-equiv="refresh" content="{refresh_after}">\n' if refresh_after else ""
    text = _template().substitute(title=html.escape(title), words=words, links=buttons, refresh=refresh)
    return HTMLResponse(text, status, headers={"retry-after": str(refresh_after)} if refresh_after else None)


def own_address(asked: str) -> str:
    """The address if it is one of the dashboard's own pages, else the front page's: nobody is ever sent elsewhere.

    Only the path of a listed page and its parameters are kept, and they are written anew, so that no trick of writing
    (`//host`, `/\\host`, `%2f%2fhost`, line ends) survives.
    """
    try:
        parts = urlsplit(asked if len(asked) <= _LONGEST else "/")
        parameters = parse_qs(parts.query, max_num_fields=40)
    except ValueError:
        return url("/")
    path = inner_path(parts.path)
    if parts.scheme or parts.netloc or path not in {page.path for page in PAGES}:
        return url("/")
    return url(path, {name: values[-1] for name, values in parameters.items()})


def page(asked: str, *, has_expired: bool = False) -> HTMLResponse:
    """The sign-in page for somebody who asked for this address."""
    to = own_address(asked)
    names = auth_session.providers()
    links = {
        url("/sign-in", {"provider": name, "to": to}): "Sign in"
        if len(names) == 1
        else f"Sign in with {name.capitalize() if name != 'default' else 'the main account'}"
        for name in names
    }
    ended = (f"Your session ended after {auth_session.session_hours():g} hours.",) if has_expired else ()
    said = "After signing in you land on the page you asked for." if to != url("/") else "Use your work account."
    return _page("Sign in", *ended, "These numbers are for signed-in readers.", said, links=links, status=401)


def no_role(account: str) -> HTMLResponse:
    """Signed in, but access.toml gives this account no role."""
    return _page(
        "Signed in, but no role here",
        f"You are signed in as {account}. This account has no role in the dashboard, so there is nothing to show.",
        "Ask the analyst to give it one; then reload this page.",
        links={url("/auth/logout"): "Sign out"},
        status=403,
    )


def refused(title: str, *paragraphs: str, status: int = 403) -> HTMLResponse:
    """Any other door that stays shut."""
    return _page(title, *paragraphs, status=status)


def unreadable(fault: StoreFault, here: str, *, with_commands: bool) -> HTMLResponse:
    """In the place of any page while the store cannot be read; the browser asks again by itself. here: the address asked for.
    with_commands: for whoever may mend it."""
    steps = (f"To mend it: {fault.command}",) if with_commands else ()
    links = {own_address(here): "Try again"}
    return _page(fault.title, *fault.paragraphs, *steps, links=links, status=503, refresh_after=_LOOK_AGAIN)


def broken(number: str) -> HTMLResponse:
    """In the place of an answer that could not be made. number: of the incident in the log."""
    return _page(
        "Something went wrong",
        f"This could not be answered. Incident {number} in the log says why.",
        "Try again; if it stays, tell the analyst the number above.",
        links={url("/"): "Back to the dashboard"},
        status=500,
    )


def begin(query: str) -> Response:
    """`/sign-in?provider=…&to=…`: remember where to, and go to the provider as `st.login` would."""
    asked = parse_qs(query)
    provider = asked.get("provider", ["default"])[-1]
    if provider not in auth_session.providers():
        return _page("No such provider", "Go back and choose again.", links={url("/"): "Back"}, status=404)
    response = RedirectResponse(generate_login_redirect_url(provider), status_code=302)
    to = own_address(asked.get("to", ["/"])[-1])
    response.set_cookie(WAY_BACK, to, max_age=_MINUTES * 60, httponly=True, samesite="lax", path=callback_path())
    return response


def way_back(cookie_header: str) -> str:
    """The address kept in `begin`, checked again: cookies can be written by others."""
    found = SimpleCookie()
    try:
        found.load(cookie_header)
    except Exception:
        return url("/")
    return own_address(found[WAY_BACK].value) if WAY_BACK in found else url("/")


def callback_path() -> str:
    """Where the provider sends readers back to."""
    return url("/oauth2callback")
