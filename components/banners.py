"""Banners, sentences to quote, and what stands where there is nothing to show: the reason and a next step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from components import html_view
from components.refusals import Refusal
from components.store_state import StoreFault
from components.text import prose
from components.text import withdrawn as withdrawn_text
from components.text.format import day
from components.url_state import NO_PAGE, Dropped
from queries import Answer, AnswerStatus, Delivery
from queries.models import Suppression

# parameters of the address by the words on screen, where these differ
_NAMES = {"as_of": "date", "as": "view as", "by_region": "compare by", "what": "what to raise", "first": "show first"}
ALL_HIDDEN = "To protect residents’ privacy, your role sees none of the numbers that would be here."
OUTDATED = timedelta(days=100)  # a quarter, and time to make the export
TITLES = {
    "not_supplied": "Not supplied",
    "not_disclosed": "Not disclosed",
    "not_applicable": "Does not apply here",
    "empty": "Nothing recorded yet",
    "failed": "Not available just now",
    "not_allowed": "Not part of your view",
    "not_released": "Hidden for privacy",
    "needs_rows": "Needs residents’ rows",
}
NEXT_STEPS = {
    "not_supplied": "It appears here once the exports include it. Data quality lists what this delivery includes.",
    "not_disclosed": "It appears here once the exports include residents’ answers. Data quality lists how much is not disclosed.",
    "not_applicable": "Change or clear the filters to see it.",
    "empty": "",  # depends on what the reader has chosen: see `_next_step`
    "failed": "Reload the page. If it stays, give the analyst the number above.",
    "not_allowed": "",  # the reason says where another filter would help
    "not_released": "",  # depends on what the reader has chosen: see `_next_step`
    "needs_rows": "Choose a delivery that was published with residents’ rows, if there is one.",
}


def banner(paragraphs: Sequence[str], kind: str = "") -> None:
    """Draw a banner. paragraphs: text, or Markup. kind: its CSS classes: "", "notice", "notice left-out", "refused" or "synthetic notice"."""
    html_view.add(html_view.render("banner", paragraphs=[text for text in paragraphs if text], kind=kind))


def empty_state(title: str, text: str, next_step: str = "") -> None:
    """Draw what is missing in the place of a number or a chart, why, and what to do about it."""
    html_view.add(html_view.render("empty_state", title=title, text=text, next_step=next_step))


def explain(answer: Answer, *, needs_number: bool = False) -> bool:
    """Return True if the answer has rows to show; otherwise draw why it has none, and return False.

    Args:
        answer: the answer.
        needs_number: whether rows are not enough whose every number is hidden for privacy.
    """
    status, reason = answer.status, answer.note
    if status == "ok" and answer.rows:
        if not needs_number or any(row.suppression is not Suppression.PRIVACY for row in answer.rows):
            return True
        status, reason = AnswerStatus.NOT_RELEASED, reason or ALL_HIDDEN
    title = status if status in TITLES else "empty"
    empty_state(TITLES[title], reason or "There are no rows under these filters.", _next_step(answer, title))
    return False


def _next_step(answer: Answer, title: str) -> str:
    """Say what the reader can do; "" where nothing helps. title: a key of `TITLES`."""
    if title == AnswerStatus.EMPTY:
        return _wider(answer)
    if title == AnswerStatus.NOT_RELEASED:  # without a choice of the reader's, there is none to clear
        scope = answer.scope
        steps = ["a filter" if scope.filters else "", "the period" if scope.since or scope.until else ""]
        text = prose.join(steps, last="or")
        return f"Clear {text}, or choose another." if text else ""
    return NEXT_STEPS[title]


def _wider(answer: Answer) -> str:
    """Say which of the reader's choices could be wider, so that something is counted; "" where none is."""
    scope = answer.scope
    steps = [
        "widen the period" if scope.since or scope.until else "",
        "clear a filter" if scope.filters else "",
        "choose a later date" if answer.as_of < answer.delivery.delivered_on else "",
    ]
    text = prose.join(steps, last="or")
    return f"{prose.capital(text)}." if text else ""


def synthetic() -> None:
    """Draw the label of synthetic data."""
    banner(["Synthetic data: made up for demonstration, no real residents."], "synthetic notice")


def dropped(parts: Sequence[Dropped], page: str = "") -> None:
    """Draw one notice for all parameters of the address that were dropped; valid ones are called choices.

    Args:
        parts: the parameters.
        page: the name of the page that is shown.
    """
    if not parts:
        return
    others = [part for part in parts if part.name != NO_PAGE]
    banner(
        [
            *(f"There is no page “{part.value}”. This is the {page} page." for part in parts if part.name == NO_PAGE),
            _left_out("Part of the address", [part for part in others if not part.is_valid]),
            _left_out("Part of what you chose", [part for part in others if part.is_valid]),
            "The page below shows the rest. Choose again in the filters." if others else "",
        ],
        "notice left-out",
    )


def _left_out(what: str, parts: Sequence[Dropped]) -> str:
    """Say what was left out and why, at most three, a sentence each; "" for nothing."""
    shown = [f"{prose.capital(_NAMES.get(part.name, part.name))} “{part.value}” {part.why}." for part in parts[:3]]
    more = f"So was {prose.plural(len(parts) - 3, 'more part')}." if len(parts) > 3 else ""
    return " ".join([f"{what} was left out.", *shown, more]).rstrip() if parts else ""


def not_accepted(refusal: Refusal, shown: date | None, *, link: str = "") -> None:
    """Draw that a later delivery was not accepted.

    Args:
        refusal: the delivery.
        shown: date of the delivery on screen, None where there is none.
        link: leads to the problems, for viewers who may see them. The others read what it means for them, and nothing of the delivery.
    """
    count = f": {prose.plural(refusal.count, 'problem')}" if refusal.count else ""
    subject, on_screen = _deliveries(refusal.delivered_on, shown)
    text = (
        Markup("{} was not accepted{}. {}").format(subject, count, link)
        if link
        else f"{subject} was not accepted; {on_screen}."
    )
    banner([text], "refused" if link else "notice")


def _deliveries(refused_on: date | None, shown: date | None) -> tuple[str, str]:
    """Return a delivery that was not accepted and what is on screen instead, by their dates; the year where it is needed."""
    if refused_on is None or shown is None:
        subject = f"The {day(refused_on)} delivery" if refused_on else "The last delivery that was tried"
        return subject, f"you are looking at {day(shown)}" if shown else "there is nothing to show yet"
    if refused_on == shown:
        return f"A new version of the {day(shown)} delivery", "you are looking at the version before it"
    first, second = day(refused_on), day(shown)
    if refused_on.year == shown.year:
        first, second = (text.rsplit(",", 1)[0] for text in (first, second))
    return f"The {first} delivery", f"you are looking at {second}"


def is_outdated(delivery: Delivery) -> bool:
    """Return whether a delivery was made so long ago that its readers must be told; synthetic data is of no day."""
    return not delivery.is_synthetic and date.today() - delivery.delivered_on > OUTDATED


def outdated(delivery: Delivery) -> None:
    """Draw that the newest delivery is old. Sentences about deadlines count from its day, not from today."""
    text = (
        f"The newest delivery is from {day(delivery.delivered_on)}, more than three months ago. What has happened since is not "
        "counted, and days until a deadline are counted from that day."
    )
    banner([text], "notice")


def withdrawn(left: str, shown: date) -> None:
    """Draw that a rollback put an earlier delivery on screen. left: the id of the one that was taken back. shown: the day of the one shown."""
    banner([withdrawn_text.words(left, shown)], "notice")


def older(shown: date, current_on: date | None) -> None:
    """Draw that the delivery on screen is not the newest.

    Args:
        shown: Date of the delivery on screen.
        current_on: Date of the newest, None where it cannot be read.
    """
    if shown == current_on:
        banner(
            [
                f"You are looking at an earlier version of the {day(shown)} delivery. Clear the filters to see the newest."
            ],
            "notice",
        )
        return
    newest = (
        f"The newest is of {day(current_on)}: clear the filters to see it."
        if current_on
        else "The newest cannot be read just now."
    )
    banner([f"You are looking at an earlier delivery, of {day(shown)}. {newest}"], "notice")


def unreadable(fault: StoreFault, *, with_commands: bool = False) -> None:
    """Draw that the store cannot be read. with_commands: for viewers who may repair it."""
    text, next_step = fault.paragraphs
    empty_state(fault.title, text, f"To repair it: {fault.command}" if with_commands else next_step)


def quotes(sentences: Sequence[str]) -> None:
    """Draw sentences to quote. A click selects a sentence, and its button copies it."""
    html_view.add(html_view.render("quotes", sentences=sentences))
