"""Open pages in a browser, wait until they are complete, and find faults that a reader would see."""

from __future__ import annotations

from playwright.sync_api import Page

RUNNING = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state')"
FINISHED = f"() => {RUNNING} === 'notRunning' && !document.querySelector('[data-testid=stSkeleton]')"

# Every HTML view has content.
WORDS = "() => [...document.querySelectorAll('.stBidiComponent')].every(place => place.querySelector('.html-view > *'))"

# Charts that have a size and are not drawn for their present width.
UNDRAWN = """[...document.querySelectorAll('.plot')].filter(plot => {
    const drawn = plot.querySelector('.main-svg');
    return plot.clientWidth && !(drawn && Math.abs(drawn.getBoundingClientRect().width - plot.clientWidth) < 2);
  })"""
IN_WINDOW = "(({top, bottom}) => top < innerHeight && bottom > 0)(plot.getBoundingClientRect())"
DRAWN = f"() => !{UNDRAWN}.some(plot => {IN_WINDOW})"

# Goes to the next chart that is not drawn: charts are drawn when they come near the window.
ALL_DRAWN = f"""() => {{
  const [next] = {UNDRAWN};
  next?.scrollIntoView({{block: 'center'}});
  return !next;
}}"""
TO_TOP = "() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)"

# Returns when no label of a chart has moved for a tenth of a second: Plotly makes room for labels after it has drawn them.
STILL = """async () => {
  const places = () => JSON.stringify([...document.querySelectorAll('.plot text')].map(word => word.getBoundingClientRect()));
  for (let before, now = places(); before !== now; [before, now] = [now, places()]) await new Promise(done => setTimeout(done, 100));
}"""

# Labels of a chart that overlap, leave their chart, are slanted, have a line across them, or take many lines for no want of room.
CHART_FAULTS = """() => {
  const faults = [];
  for (const plot of document.querySelectorAll('.plot')) {
    const frame = plot.getBoundingClientRect();
    const name = plot.closest('.chart').dataset.name;
    const words = [...plot.querySelectorAll('text')].filter(t => t.textContent.trim() && t.getBoundingClientRect().width);
    const boxes = words.map(t => ({text: t.textContent, box: t.getBoundingClientRect(), turn: t.getAttribute('transform') || ''}));
    for (const {text, box, turn} of boxes) {
      const angle = /rotate\\((-?[\\d.]+)/.exec(turn);
      if (angle && Math.abs(parseFloat(angle[1])) > 1) faults.push(`slanted: ${text} (${name})`);
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
        faults.push(`cut: ${text} (${name})`);
    }
    for (const line of plot.querySelectorAll('.shapelayer path')) {
      const {left, right, top, bottom} = line.getBoundingClientRect();
      for (const text of plot.querySelectorAll('.textpoint text')) {
        const box = text.getBoundingClientRect();
        if (text.querySelectorAll('tspan').length > 1 && box.left < left - 2 && right < box.right - 2 && top < box.top && box.bottom < bottom)
          faults.push(`crossed: ${text.textContent} (${name})`);
      }
    }
    if (frame.width >= 900) for (const text of plot.querySelectorAll('.ytick text'))
      if (text.querySelectorAll('tspan').length > 2) faults.push(`many lines: ${text.textContent} (${name})`);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i].box, b = boxes[j].box;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 3) faults.push(`overlap: ${boxes[i].text} / ${boxes[j].text} (${name})`);
    }
  }
  return faults;
}"""

# A page wider than its window, a heading that something covers, text cut off by its box, or a table that does not fit its place.
PAGE_FAULTS = """() => {
  const faults = [];
  const main = document.querySelector('[data-testid=stMain]');
  if (main.scrollWidth > main.clientWidth + 1) faults.push(`the page scrolls sideways by ${main.scrollWidth - main.clientWidth}`);
  const top = main.scrollTop ? null : main.querySelector('h1')?.getBoundingClientRect();
  if (top && !document.elementFromPoint(top.left + 5, top.top + 12)?.closest('.page-head, h1')) faults.push('the heading is covered');
  for (const el of main.querySelectorAll('h1,h2,h3,p,li,dd,.value,.label,.lead')) {
    const style = getComputedStyle(el);
    if (!el.offsetParent || style.overflow === 'visible') continue;
    if (el.scrollWidth > el.clientWidth + 2) faults.push(`cut: ${el.textContent.slice(0, 60)}`);
  }
  for (const place of main.querySelectorAll('.table-scroll'))
    if (place.scrollWidth > place.clientWidth + 1) faults.push(`too wide: ${place.ariaLabel}`);
  return faults;
}"""

# Options of a list that look the same where the list cuts them off.
MENU_FAULTS = """() => {
  const pen = document.createElement('canvas').getContext('2d');
  const ARROW = 20;
  return [...document.querySelectorAll('select')].filter(select => select.clientWidth > ARROW).flatMap(select => {
    const style = getComputedStyle(select);
    pen.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ARROW;
    const shown = ({text}) => {
      let length = text.length;
      while (length && pen.measureText(text.slice(0, length)).width > room) length--;
      return text.slice(0, length);
    };
    const texts = [...select.options].map(shown);
    return texts.filter((text, i) => texts.indexOf(text) !== i).map(text => `alike: ${text} (${select.id})`);
  });
}"""


def wait_for_words(page: Page) -> Page:
    """Wait until the script has run and every HTML view has its text; charts may still be missing."""
    page.wait_for_selector(".lead, .welcome, .empty, [data-testid=stException]", timeout=60_000)
    page.wait_for_function(FINISHED, timeout=60_000)
    page.wait_for_function(WORDS, timeout=60_000)
    return page


def settle(page: Page) -> Page:
    """Wait until the script has run, the charts in the window are drawn, and nothing moves."""
    wait_for_words(page)
    page.wait_for_function(DRAWN, timeout=60_000)
    page.evaluate(STILL)
    return page


def draw_all(page: Page) -> Page:
    """Scroll through the page until every chart is drawn, and back to the top. Waits as `settle` does."""
    wait_for_words(page)
    page.wait_for_function(ALL_DRAWN, timeout=60_000)
    page.evaluate(TO_TOP)
    return settle(page)


def open_at(page: Page, url: str) -> Page:
    """Open an address and wait until the page and the charts in the window are complete."""
    page.goto(url)
    return settle(page)


def lead(page: Page) -> str:
    """Return the sentence a page opens with."""
    return page.locator(".lead").inner_text()
