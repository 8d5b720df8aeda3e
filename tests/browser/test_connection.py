"""A page shows that its connection is blocked or lost, and carries out what was done meanwhile when it is back."""

from __future__ import annotations

import pytest

from tests.browser.look import open_at, settle

pytestmark = pytest.mark.browser
NOTICE = ".connection-notice"
SOON = 5_000  # milliseconds


@pytest.fixture
def watched(browser):
    """A page. It must violate no content policy and raise no error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    page, messages = context.new_page(), []
    page.on(
        "console", lambda message: messages.append(message.text) if "Content Security Policy" in message.text else None
    )
    page.on("pageerror", lambda error: messages.append(str(error)))
    yield page
    assert messages == []
    context.close()


CONTRAST = """element => {
  const shade = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255).map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const [low, high] = [shade(getComputedStyle(element).color), shade(getComputedStyle(element).backgroundColor)].sort((a, b) => a - b);
  return (high + .05) / (low + .05);
}"""


def test_a_blocked_connection_is_shown(server, watched):
    watched.route_web_socket("**/_stcore/stream", lambda channel: channel.close())
    watched.goto(server.url + "/regions", wait_until="load")
    notice = watched.locator(NOTICE)
    notice.filter(has_text="blocked").wait_for(timeout=SOON)
    assert "IT help desk" in notice.inner_text()
    assert server.url.removeprefix("http://") in notice.inner_text()
    assert notice.get_attribute("role") == "status"
    background = "element => getComputedStyle(element).backgroundColor"
    light = notice.evaluate(background)
    assert notice.evaluate(CONTRAST) >= 4.5, "light"
    watched.emulate_media(color_scheme="dark")
    assert notice.evaluate(background) != light
    assert notice.evaluate(CONTRAST) >= 4.5, "dark"
    other = open_at(watched.context.new_page(), server.url + "/regions")
    assert not other.locator(NOTICE).count(), "no notice where the connection works"


def test_a_channel_that_never_answers_is_shown_too(server, watched):
    watched.route_web_socket("**/_stcore/stream", lambda channel: channel.on_message(lambda _: None))
    watched.goto(server.url + "/", wait_until="load")
    watched.locator(NOTICE).filter(has_text="blocked").wait_for(timeout=SOON)


def test_a_lost_network_is_shown_and_the_click_is_carried_out_on_return(server, watched):
    open_at(watched, server.url + "/")
    watched.context.set_offline(True)
    watched.locator(NOTICE).filter(has_text="network connection is down").wait_for(timeout=SOON)
    watched.get_by_role("link", name="Results", exact=True).click()
    watched.context.set_offline(False)
    watched.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'", timeout=30_000)
    settle(watched)
    assert watched.locator(NOTICE).inner_text() == ""
    assert "/sectors" in watched.url


def test_a_click_into_a_dead_connection_is_shown_and_carried_out_on_return(server, watched):
    """The browser does not know: its messages no longer get through, and neither do its requests."""
    is_dead = False

    def pass_on(channel):
        remote = channel.connect_to_server()
        channel.on_message(lambda message: None if is_dead else remote.send(message))
        channels.append(channel)

    channels = []
    watched.route_web_socket("**/_stcore/stream", pass_on)
    open_at(watched, server.url + "/")
    is_dead = True
    watched.route("**/_stcore/health", lambda route: route.abort())
    watched.get_by_role("link", name="Results", exact=True).click()
    watched.locator(NOTICE).filter(has_text="network connection is down").wait_for(timeout=SOON)
    is_dead = False
    watched.unroute("**/_stcore/health")
    channels[-1].close()
    watched.wait_for_function("() => document.querySelector('h1')?.innerText === 'Sectors'", timeout=30_000)
    settle(watched)
    assert watched.locator(NOTICE).inner_text() == ""


def test_a_server_that_restarts_is_an_interruption(server, watched):
    """The server that comes back does not know the page that is open, and still carries out its click."""
    open_at(watched, server.url + "/")
    server.stop()
    try:
        watched.get_by_role("link", name="Regions", exact=True).click()
        watched.locator(NOTICE).filter(has_text="last choice").wait_for(timeout=SOON)
    finally:
        server.start()
    watched.wait_for_function("() => document.querySelector('h1')?.innerText === 'Regions'", timeout=30_000)
    settle(watched)
    assert watched.locator(NOTICE).inner_text() == ""
    assert watched.url == server.url + "/regions"
