"""The share of the questions of pages that the Governor's office can ask, unfiltered and with a single filter.

    python -m tests.privacy.answerable STORE

runs every page as the Governor's office without filters and with the first values of each filter. A question is answered if it is not
refused or changed to a nearer one. Questions that a page itself asks with more filters (a line for each region, for example) are
counted apart.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from components import cached_queries
from components.page_list import PAGES
from queries import Answer, Question, Scope, listing
from queries.models import AnswerStatus
from tests.pages.page_text import read_page

FILTERS = {"initiative": "initiative", "region": "region", "sector": "sector", "group": "group_id"}
VALUES = 2  # of each filter
ABOUT_DATA = {"activity", "data_quality"}  # pages that the Governor's office does not have
REFUSED = {AnswerStatus.NOT_RELEASED, AnswerStatus.NOT_ALLOWED}


def addresses() -> Iterator[dict[str, str]]:
    yield {}
    for name, column in FILTERS.items():
        yield from ({name: str(row[column])} for row in listing(f"{name}s")[:VALUES])


def questions() -> Iterator[tuple[str, Question, Scope, Answer]]:
    """Yield the id of each page with its questions, their filters and their answers."""
    recorded: list[tuple[Question, Scope, Answer]] = []
    ask = cached_queries.ask

    def recording(question: Question, scope: Scope, *rest: object) -> Answer:
        answer = ask(question, scope, *rest)
        recorded.append((question, scope, answer))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cached_queries, "ask", recording)
        for page in PAGES:
            for address in addresses() if page.id not in ABOUT_DATA else ():
                recorded.clear()
                read_page(page.script, {**address, "as": "governor"})
                yield from ((page.id, *each) for each in recorded)


def main(store: str) -> None:
    os.environ["DASHBOARD_STORE"] = store
    totals: Counter[bool] = Counter()
    answered: Counter[bool] = Counter()
    refused: Counter[str] = Counter()
    for page, question, scope, answer in questions():
        is_narrow = len(scope.filters) > 1
        is_refused = answer.is_nearest or answer.status in REFUSED
        totals[is_narrow] += 1
        answered[is_narrow] += not is_refused
        if is_refused and not is_narrow:
            refused[f"{page}: {question.measure} by {question.by} {dict(scope.filters)}: {answer.note}"] += 1
    for is_narrow, words in ((False, "at most one filter"), (True, "more filters")):
        if totals[is_narrow]:
            print(f"{words}: {answered[is_narrow] / totals[is_narrow]:.1%} of {totals[is_narrow]:,} questions answered")
    print(*(f"    {count} {text}" for text, count in refused.most_common(40)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
