"""The report of a delivery that was not accepted, on the page Data quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from components import html_view, navigation, style
from components.file_facts import UNFILTERED, Facts
from components.refusals import Refusal
from components.tables import table
from components.text.narratives import data_health
from components.text.narratives import refused as narrative
from queries.access import rights
from queries.access.viewer import Viewer

PAGE = "data_quality"


def link(refusal: Refusal, viewer: Viewer | None, *, page_id: str, parameters: Mapping[str, str]) -> str:
    """Return HTML that leads to the report from a page under these filters; "" for a viewer who may not see it."""
    if viewer is None or not rights.may_open(viewer, PAGE):
        return ""
    if page_id == PAGE:
        return "The report is below."
    return navigation.anchor(
        PAGE, "Data quality lists them." if refusal.count else "Data quality says more.", parameters
    )


def draw(refusal: Refusal, shown: date | None) -> None:
    """Draw the report: what to correct, what follows from it, what was read. shown: date of the delivery on screen."""
    style.heading(2, narrative.title(refusal))
    html_view.paragraph(style.readable(narrative.words(refusal, shown)), "section-words")
    draw_tables(refusal)


def draw_tables(report: Refusal, *, prefix: str = "", is_accepted: bool = False) -> None:
    """Draw the tables of a report.

    Args:
        report: What was read of a delivery and what is wrong.
        prefix: Of the names of the tables, which are unique on the page.
        is_accepted: Whether the delivery can be published in spite of what is wrong.
    """
    facts = _facts(report, is_accepted=is_accepted)
    if not is_accepted:
        faults = narrative.fault_table(report.faults or ["No reason was recorded."])
        table(faults, name=f"{prefix}refused", title="Why it was not accepted", facts=facts)
    causes, consequences = narrative.problem_table(report.causes), narrative.problem_table(report.consequences)
    words = narrative.LEFT_OUT if is_accepted else narrative.HOW_TO_FIX
    _draw(causes, f"{prefix}problems", "Rows to correct", facts, words=words)
    _draw(consequences, f"{prefix}follows", "What follows from these", facts, words=narrative.WHAT_FOLLOWS)
    _draw(
        data_health.checked_table(narrative.checked_rows(report)),
        f"{prefix}refused-checked",
        "What was read of it",
        facts,
    )
    if not report.problems:  # else they are the problems above
        reasons = data_health.reasons_table(narrative.reason_rows(report))
        _draw(reasons, f"{prefix}refused-reasons", "Why its rows would be excluded", facts)
    notices = data_health.notices_table(narrative.notice_rows(report))
    _draw(notices, f"{prefix}refused-notices", "What else was noticed in it", facts)


def _draw(rows: Sequence[Mapping[str, object]], name: str, title: str, facts: Facts, *, words: str = "") -> None:
    """Draw one table of the report, if it has rows."""
    if rows:
        table(rows, name=name, title=title, words=words, units=data_health.UNITS, facts=facts)


def _facts(report: Refusal, *, is_accepted: bool) -> Facts:
    """Return what the files of these tables say: they are about a delivery that is not published, under no filter."""
    synthetic = None if report.is_synthetic is None else "yes" if report.is_synthetic else "no"
    name = f"{report.source or 'the last one tried'} ({'not published' if is_accepted else 'not accepted'})"
    return {**UNFILTERED, "as_of": report.delivered_on, "delivery": name, "synthetic_data": synthetic}
