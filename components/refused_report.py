"""The report of a delivery that was not accepted, for whoever may open the page that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from components import navigation, roles, style
from components.file_facts import UNFILTERED, Facts
from components.refusals import Refusal
from components.stories import data_health
from components.stories import refused as story
from components.tables import table
from queries.reader import Reader

PAGE = "data_health"


def link(refusal: Refusal, reader: Reader | None, *, page_id: str, parameters: Mapping[str, str]) -> str:
    """The HTML that leads to the report from a page under these filters; "" for a reader who may not see it."""
    if reader is None or not roles.may_open(reader, PAGE):
        return ""
    if page_id == PAGE:
        return "The report is below."
    return navigation.anchor(PAGE, "Data health lists them." if refusal.count else "Data health says more.", parameters)


def draw(refusal: Refusal, shown: date | None) -> None:
    """Draw the report: what to mend, what follows from it, what was read. shown: the date of the delivery on screen."""
    facts = _facts(refusal)
    style.heading(2, story.title(refusal))
    style.block(f'<p class="section-words">{style.escape(style.readable(story.words(refusal, shown)))}</p>')
    causes, faults = story.problem_table(refusal.causes), story.fault_table(refusal.other_faults)
    if causes:
        table(
            causes,
            name="problems",
            title="What to mend",
            words=story.HOW_TO_GO_ON,
            units=data_health.UNITS,
            facts=facts,
        )
    if faults or not causes:
        title = "What else the check says" if causes else "Why it was not accepted"
        table(faults or story.fault_table(["No reason was recorded."]), name="refused", title=title, facts=facts)
    consequences = story.problem_table(refusal.consequences)
    if consequences:
        table(consequences, name="follows", title="What follows from these", words=story.WHAT_FOLLOWS,
              units=data_health.UNITS, facts=facts)  # fmt: skip
    _draw_counts(refusal, facts)


def _draw_counts(refusal: Refusal, facts: Facts) -> None:
    checked, reasons, notices = story.checked_rows(refusal), story.reason_rows(refusal), story.notice_rows(refusal)
    if checked:
        table(data_health.checked_table(checked), name="refused-checked", title="What was read of it",
              units=data_health.UNITS, facts=facts)  # fmt: skip
    if reasons:
        table(data_health.reasons_table(reasons), name="refused-reasons", title="Why its rows would be set aside",
              units=data_health.UNITS, facts=facts)  # fmt: skip
    if notices:
        table(
            data_health.notices_table(notices), name="refused-notices", title="What else was noticed in it", facts=facts
        )


def _facts(refusal: Refusal) -> Facts:
    """These tables rest on the delivery that was not accepted, under no filter."""
    synthetic = None if refusal.is_synthetic is None else "yes" if refusal.is_synthetic else "no"
    name = f"{refusal.source or 'the last one tried'} (not accepted)"
    return {**UNFILTERED, "as_of": refusal.delivered_on, "delivery": name, "synthetic_data": synthetic}
