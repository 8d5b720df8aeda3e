"""Paper: white, readable, nothing cut, and every sheet says what it shows."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.browser.look import open_at

pytestmark = pytest.mark.browser
PATHS = (
    "/",
    "/equity?initiative=CareerConneCT",
    "/regions",
    "/my_region?as=director:Northwest",
    "/money?as=governor",
    "/one_group?group=woman",
    "/gap_plan?group=disability",
    "/support_services",
)
NINE_POINTS = 12  # pixels
# What is measured when the sheets are laid out, before printing begins.
BEFORE_PRINTING = """() => addEventListener('afterprint', () => {
  window.sheet = [...document.querySelectorAll('style')].map(e => e.textContent).find(text => text.startsWith('@page')) ?? '';
  window.charts = [...document.querySelectorAll('.plot[data-plot]')].map(e => e.querySelector('.main-svg')?.getBoundingClientRect().width ?? 0);
}, {once: true})"""
SMALL = """least => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e =>
  e.checkVisibility() && [...e.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
  parseFloat(getComputedStyle(e).fontSize) < least - 0.01).map(e => `${getComputedStyle(e).fontSize} ${e.className} ${e.textContent.slice(0, 40)}`)"""
HIDDEN = "section[data-testid=stSidebar], .share, .how, .see, .choice, .field, .quiet-button, .skip"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_on_paper(server, page, path):
    page.emulate_media(color_scheme="dark")
    open_at(page, server.url + path)
    page.evaluate(BEFORE_PRINTING)
    pdf = page.pdf(format="Letter")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
    if path == "/":
        assert "Southwest" in PdfReader(BytesIO(pdf)).pages[0].extract_text(), "the first sheet has the regions too"
    sheet = page.evaluate("() => window.sheet")
    heading, scope = page.locator("h1").inner_text(), page.locator(".scope-line").inner_text().replace(" ×", "")
    scope = scope.partition("\n")[0]  # what follows is about the reader's choices and role
    assert f'content: "{heading}"' in sheet
    assert f'content: "Synthetic data · {scope}"' in sheet and "November 13, 2026" in scope
    charts = page.evaluate("() => window.charts")
    assert len(charts) == page.locator(".plot[data-plot]").count()
    assert all(0 < width <= 700 for width in charts), "each chart is drawn, at the width of the paper"

    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible() and page.locator(".lead").first.is_visible()
    assert not any(element.is_visible() for element in page.locator(HIDDEN).all())
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert page.locator(".lead").first.evaluate("e => getComputedStyle(e).color") == "rgb(22, 32, 44)"
    assert page.evaluate(SMALL, NINE_POINTS) == []
    wide = "() => [...document.querySelectorAll('.table-scroll, .plot')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2).length"
    assert page.evaluate(wide) == 0, "nothing is wider than the paper"


def test_a_table_has_its_headings_on_every_sheet_and_no_sentence_ends_in_a_link(server, page):
    open_at(page, server.url + "/my_region?as=director:Northwest")
    assert page.get_by_text("further down this page").is_visible()
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(format="Letter"))).pages]
    towns = [sheet for sheet in sheets if "Norfolk" in sheet or "Cornwall" in sheet]
    assert len(towns) == 2, "the towns take more than a sheet"
    assert all("Compared with the rest of the region" in sheet for sheet in towns)
    assert "further down this page" not in "".join(sheets)


def test_the_screen_is_as_before_after_printing(server, page):
    open_at(page, server.url + "/money")
    drawn = "document.querySelector('.plot .main-svg').clientWidth"
    width = page.evaluate(f"() => {drawn}")
    assert width > 700
    page.pdf(format="Letter")
    page.wait_for_function(
        f"width => !document.documentElement.classList.contains('on-paper') && {drawn} === width", arg=width
    )
