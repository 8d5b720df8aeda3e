"""Banners and the designed states in which there is nothing to show: calm words and a next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from components import style
from components.refusals import Refusal
from components.store_state import StoreFault
from components.text import prose
from components.text.format import day
from components.url_state import Dropped

TITLES = {
    "not_supplied": "Not supplied",
    "not_applicable": "Does not apply here",
    "empty": "Nobody to count here",
    "failed": "Not available just now",
    "not_allowed": "Not part of your view",
}
NEXT_STEPS = {
    "not_supplied": "It appears here once the exports bring it. Data health lists what this delivery brought.",
    "not_applicable": "Change or clear the filters to see it.",
    "empty": "Widen the period or clear a filter.",
    "failed": "Reload the page; if it stays, tell the analyst the number above.",
    "not_allowed": "Choose other filters to go on.",
}


def banner(paragraphs: Sequence[str], kind: str = "") -> None:
    """A banner of plain sentences. kind: "", "notice" or "synthetic"."""
    body = "".join(f"<p>{style.escape(text)}</p>" for text in paragraphs if text)
    style.block(f'<div class="banner {style.escape(kind)}" role="note">{body}</div>')


def empty_state(title: str, text: str, next_step: str = "") -> None:
    """A place where a number or a chart would be: what is missing, why, and what to do about it."""
    after = f'<p class="next">{style.escape(next_step)}</p>' if next_step else ""
    style.block(f'<div class="empty"><p class="what">{style.escape(title)}</p><p>{style.escape(text)}</p>{after}</div>')


def explain(answer: Any) -> bool:
    """True when the answer has something to show; else draw why it has not, and return False."""
    if answer.status == "ok" and answer.rows:
        return True
    status = answer.status if answer.status in TITLES else "empty"
    empty_state(TITLES[status], answer.note or "There are no rows under these filters.", NEXT_STEPS[status])
    return False


def synthetic() -> None:
    """The label of a demo: on every page whose delivery is synthetic."""
    banner(["Synthetic data: made up for demonstration, no real residents."], "synthetic notice")


def dropped(parts: Sequence[Dropped]) -> None:
    """One notice for everything in the address that was left out."""
    if not parts:
        return
    shown = [f"{part.name} “{part.value}” {part.why}" for part in parts[:3]]
    more = f" and {len(parts) - 3} more" if len(parts) > 3 else ""
    banner(
        [
            f"Part of the address was left out: {'; '.join(shown)}{more}.",
            "The page below shows the rest. Choose again in the filters at the side.",
        ],
        "notice",
    )


def not_accepted(refusal: Refusal, shown: date | None, *, link: str = "") -> None:
    """A later delivery was not accepted. shown: the date of the one on screen, None where there is none. link: HTML that leads to
    its problems, for whoever may see them; everybody else gets what it means for them, and nothing of the delivery."""
    count = f": {prose.plural(refusal.count, 'problem')}" if refusal.count else ""
    what, on_screen = _delivery_words(refusal.delivered_on, shown)
    if link:
        text = f"{style.escape(f'{what} was not accepted{count}. ')}{link}"
    else:
        text = style.escape(f"{what} was not accepted; {on_screen}.")
    style.block(f'<div class="banner notice" role="note"><p>{text}</p></div>')


def _delivery_words(refused_on: date | None, shown: date | None) -> tuple[str, str]:
    """A delivery that was not accepted, and what is on screen instead, by their dates; the year where it is needed."""
    if refused_on is None or shown is None:
        what = f"The {day(refused_on)} delivery" if refused_on else "The last delivery that was tried"
        return what, f"you are looking at {day(shown)}" if shown else "there is nothing to show yet"
    if refused_on == shown:
        return f"A new version of the {day(shown)} delivery", "you are looking at the version before it"
    first, second = day(refused_on), day(shown)
    if refused_on.year == shown.year:
        first, second = (text.rsplit(",", 1)[0] for text in (first, second))
    return f"The {first} delivery", f"you are looking at {second}"


def older(delivery_id: str, current_on: date | None) -> None:
    """The reader asked for a delivery that is not the newest. current_on: None where the newest cannot be read."""
    newest = (
        f"The newest was delivered {day(current_on)}: clear the filters to see it."
        if current_on
        else "The newest cannot be read just now."
    )
    banner([f"You are looking at the earlier delivery {delivery_id}. {newest}"], "notice")


def stale(delivered_on: date, age: int) -> None:
    """The newest delivery is old."""
    banner([f"The newest delivery is {age} days old ({day(delivered_on)}). Exports are expected weekly."], "notice")


def nothing_published(*, with_commands: bool) -> None:
    """The whole page before the first delivery. with_commands: for whoever may publish."""
    commands = (
        "<p>To look around with made-up data:</p><pre>make demo</pre>"
        "<p>To publish a weekly export:</p><pre>python -m data publish DELIVERY</pre>"
    )
    style.block(
        '<div class="welcome"><p>No delivery has been published yet, so there are no numbers to show. '
        f"This page fills by itself once there is one.</p>{commands if with_commands else ''}</div>"
    )


def unreadable(fault: StoreFault, *, with_commands: bool = False) -> None:
    """The store is there but cannot be read. with_commands: for whoever may mend it."""
    text, step = fault.paragraphs
    empty_state(fault.title, text, f"To mend it: {fault.command}" if with_commands else step)
