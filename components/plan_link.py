"""Where a link to a group's plan leads: under the reader's filters, or without them where the reader's role sees no such plan."""

from __future__ import annotations

from collections.abc import Mapping

from components.release_limits import not_in_plans
from components.scoped_answers import FilterValue, ScopedAnswers
from components.text.scope_words import everywhere

PAGE = "gap_plan"


def with_plan(
    view: ScopedAnswers, page_id: str, label: str, changes: Mapping[str, FilterValue]
) -> tuple[str, Mapping[str, FilterValue]]:
    """Return the label of a link and the filters that it changes. A protected reader's plan is for one group, everywhere.

    Args:
        view: The filters and the reader of the page that the link is on.
        page_id: The page that it leads to; only links to the plan of a group are changed.
        label: Its label.
        changes: The filters that it changes.
    """
    scope = view.scope.but(**changes)
    cleared = not_in_plans(scope) if page_id == PAGE and scope.group else ()
    if not cleared:
        return label, changes
    return f"Plan for {view.noun(scope.group)} in {everywhere(cleared)}", {**changes, **dict.fromkeys(cleared)}
