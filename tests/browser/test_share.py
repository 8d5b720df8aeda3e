"""The Share menu: copy the link, print, and present the page as slides."""

from __future__ import annotations

import re

import pytest

from tests.browser.look import DRAWN, open_at, settle
from tests.browser.shared_page import listening

pytestmark = pytest.mark.browser
SLIDE = "() => document.querySelector('dialog.present .counter').textContent"
# Text of the slide that is cut off, or smaller than can be read in a room.
SLIDE_FAULTS = """() => {
  const body = document.querySelector('dialog.present .body').getBoundingClientRect();
  const faults = [];
  for (const e of document.querySelectorAll('dialog.present :is(.body text, p, th, td, h2)')) {
    const {top, bottom, left, right, height} = e.getBoundingClientRect();
    if (!height || !e.textContent.trim()) continue;
    const isInside = e.closest('.body');
    if (isInside && (left < body.left - 2 || right > body.right + 2 || top < body.top - 2 || bottom > body.bottom + 2))
      faults.push(`cut: ${e.textContent}`);
    if (e.nodeName === 'text' && height / (e.querySelectorAll('tspan.line').length || 1) < 18) faults.push(`small: ${e.textContent}`);
  }
  return faults;
}"""


@pytest.fixture
def page(page):
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.emulate_media(color_scheme="dark")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def share(page, name):
    page.locator(".share > summary").press("Enter")
    page.get_by_role("button", name=name, exact=True).press("Enter")


def present(page):
    share(page, "Present")
    page.locator("dialog.present[open]").wait_for()
    return page.locator("dialog.present")


def press(page, key, expected):
    page.keyboard.press(key)
    page.wait_for_function(f"expected => ({SLIDE})().startsWith(expected + ' /')", arg=str(expected))


def test_the_link_of_the_view_is_copied(server, page):
    open_at(page, server.url + "/sectors?region=Eastern")
    share(page, "Copy link")
    page.wait_for_function("() => document.querySelector('.page-status').textContent === 'Copied'")
    assert page.evaluate("() => navigator.clipboard.readText()") == server.url + "/sectors?region=Eastern"


@pytest.mark.parametrize("path", ["/", "/equity", "/regions?region=Eastern", "/money"])
def test_every_slide_fits_the_screen_and_the_keys_turn_them(server, page, path):
    open_at(page, server.url + path)
    requested = []
    with listening(page, request=lambda request: requested.append(request.url)):
        slides = present(page)
        count = int(page.evaluate(SLIDE).split(" / ")[1])
        assert count > 2
        assert slides.get_by_role("heading", name=f"Slide 1 of {count}: {page.locator('h1').inner_text()}").count() == 1
        assert slides.locator(".lead").inner_text() == page.locator(".lead").first.inner_text()
        for number in range(1, count + 1):
            page.wait_for_function("() => document.querySelector('dialog.present .body').children.length > 0")
            page.wait_for_function("() => !document.querySelector('dialog.present .body .drawing')")
            assert page.evaluate(SLIDE_FAULTS) == [], number
            assert slides.locator("h2").evaluate("e => e === document.activeElement")
            assert slides.locator("h2 .visually-hidden").text_content() == f"Slide {number} of {count}: ", (
                "read as text"
            )
            if number < count:
                press(page, ("ArrowRight", "PageDown", "Space", "ArrowDown")[number % 4], number + 1)
        press(page, "ArrowLeft", count - 1)
        press(page, "Home", 1)
        press(page, "PageUp", 1)
        press(page, "End", count)
        page.keyboard.press("Escape")
        slides.wait_for(state="detached")
        assert page.evaluate("() => document.activeElement.textContent") == "Share"
        page.wait_for_function(DRAWN)
    assert not [url for url in requested if not url.startswith(server.url)]


def slides_of(page, slides):
    """Return the notes and the foot of every slide after the first, by its title."""
    parts = {}
    for number in range(2, int(page.evaluate(SLIDE).split(" / ")[1]) + 1):
        press(page, "ArrowRight", number)
        title = slides.locator("h2").evaluate("e => e.lastChild.textContent")
        parts[title] = (slides.locator(".notes").inner_text(), slides.locator(".note").inner_text())
    return parts


def test_a_slide_says_what_is_on_screen_and_nothing_about_the_role(server, page):
    open_at(page, server.url + "/regions?as=governor&region=Eastern")
    assert "your role can combine" in page.locator(".scope-line").inner_text()
    slides = present(page)
    line = slides.locator(".line").inner_text()
    assert "Eastern" in line and "November 13, 2026" in line and "role" not in line
    assert slides.locator(".note").inner_text().startswith("Synthetic data")
    feet = {title: foot for title, (_, foot) in slides_of(page, slides).items()}
    ends = "all time. Synthetic data"
    assert feet["Regions compared"].startswith(f"Regions · As of November 13, 2026 · {ends}"), "it has all regions"
    del feet["Regions compared"]
    are_page_filters = [
        foot.startswith(f"Regions · As of November 13, 2026 · Eastern · {ends}") for foot in feet.values()
    ]
    assert are_page_filters.count(False) == 1, "every slide but the map"


def test_the_foot_of_a_slide_has_only_what_applies_to_it_and_notes_are_on_it(server, page):
    open_at(page, server.url + "/money?as=officer&region=Eastern&from=2024-07-01&to=2025-06-30")
    slides = present(page)
    assert "ignore the period" in slides.locator(".notes").inner_text(), "under the figures"
    slide = slides_of(page, slides)
    burn = next(foot for title, (_, foot) in slide.items() if "left" in title or "spent" in title)
    assert "all time" in burn and "2024" not in burn
    assert "Eastern" in burn
    assert slide["Federal deadlines"][1].startswith("Money · As of November 13, 2026 · all time.")
    assert "Eastern · July 1, 2024 to June 30, 2025" in slide["What an outcome costs"][1]
    assert "Dollars spent divided by" in slide["What an outcome costs"][0], "the line of its section"
    page.keyboard.press("Escape")
    slides.wait_for(state="detached")
    open_at(page, server.url + "/?as=officer&region=Eastern&from=2024-07-01&to=2025-06-30")
    slides = present(page)
    assert "Everything else after them ignores the period" in slides.locator(".notes").inner_text()
    feet = [foot for _, foot in slides_of(page, slides).values()]
    assert any("Eastern · fiscal years 2024 and 2025" in foot for foot in feet)
    assert not any("July 1, 2024" in foot for foot in feet[1:])


def test_a_table_that_no_slide_holds_says_which_rows_it_has(server, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_at(page, server.url + "/definitions?as=governor")
    slides = present(page)
    cut = []
    for number in range(2, int(page.evaluate(SLIDE).split(" / ")[1]) + 1):
        press(page, "ArrowRight", number)
        assert page.evaluate(SLIDE_FAULTS) == [], number
        cut += slides.locator(".body > .content > p.quiet").all_inner_texts()
    assert cut and all(re.fullmatch(r"The first \d+ of \d+ rows\. The page has all\.", words) for words in cut)


def test_the_table_of_groups_is_a_slide_and_figures_stand_under_their_section(server, page):
    open_at(page, server.url + "/equity?as=officer")
    slides = present(page)
    press(page, "ArrowRight", 2)
    assert slides.locator(".heat tbody tr").count() == 7
    page.keyboard.press("Escape")
    slides.wait_for(state="detached")
    open_at(page, server.url + "/money?as=governor")
    slides = present(page)
    assert slides.locator(".card").count() == 4, "the first slide has the figures at the top of the page"
    titles = {}
    for number in range(2, int(page.evaluate(SLIDE).split(" / ")[1]) + 1):
        press(page, "ArrowRight", number)
        titles[slides.locator("h2").evaluate("e => e.lastChild.textContent")] = slides.locator(".card").count()
    assert titles["What an outcome costs"] == 4 and titles["U.S. Treasury report"] == 2


def test_slides_can_be_turned_and_closed_with_the_mouse(server, page):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    settle(open_at(page, server.url + "/"))
    slides = present(page)
    assert slides.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    slides.get_by_role("button", name="Next").click()
    page.wait_for_function(f"() => ({SLIDE})().startsWith('2 /')")
    slides.get_by_role("button", name="Previous").click()
    page.wait_for_function(f"() => ({SLIDE})().startsWith('1 /')")
    slides.get_by_role("button", name="Close").click()
    slides.wait_for(state="detached")


def test_the_picture_of_a_chart_says_how_to_read_it_in_the_words_on_screen(server, page):
    open_at(page, server.url + "/?region=Eastern")
    saved = {}
    with listening(page, download=lambda file: saved.update({file.suggested_filename: file.path().read_text("utf-8")})):
        share(page, "Chart images (SVG)")
        page.wait_for_function("() => document.querySelector('.page-status').textContent.startsWith('Saved ')")
    picture = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", saved["2026-11-13_overview_paths.svg"]))
    assert "SkillUp CT → CareerConneCT (" in picture and "→followed" not in picture
    assert "Paths of fewer than ten residents are combined as “Other paths”." in picture
    assert "Overview · As of November 13, 2026 ·" in picture and "· Eastern ·" in picture


def test_the_picture_of_a_chart_that_ignores_the_period_does_not_name_it(server, page):
    open_at(page, server.url + "/money?as=officer&from=2024-07-01&to=2025-06-30")
    saved = {}
    with listening(page, download=lambda file: saved.update({file.suggested_filename: file.path().read_text("utf-8")})):
        share(page, "Chart images (SVG)")
        page.wait_for_function("() => document.querySelector('.page-status').textContent.startsWith('Saved ')")
    feet = {name: re.findall(r">([^<]*As of [^<]*)<", text)[-1] for name, text in saved.items()}
    assert feet["2026-11-13_money_money-over-time.svg"] == "Money · As of November 13, 2026 · all time · Synthetic data"
    assert "July 1, 2024 to June 30, 2025" in feet["2026-11-13_money_spent-by-region.svg"]
