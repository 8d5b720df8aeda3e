"""The share of the questions of pages that the Governor's office can ask, unfiltered and with a single filter.

    python -m tests.privacy.answerable STORE

runs every page as an analyst without filters and with the first two values of each filter, and repeats its questions as the Governor's office.
A question is answered if it is not changed to a nearer one or refused; it shows something if at least one of its numbers is shown.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator

from components.page_list import PAGES
from queries import Question, ask, listing
from queries.access.rights import viewer
from queries.models import Answer, AnswerStatus
from tests.pages.page_text import read_page

GOVERNOR = viewer("governor")
FILTERS = {"initiative": "initiative", "region": "region", "sector": "sector", "group": "group_id"}
VALUES = 2  # of each filter
ABOUT_DATA = {"activity", "data_quality"}  # pages that the Governor's office does not have


def addresses() -> Iterator[dict[str, str]]:
    yield {}
    for name, column in FILTERS.items():
        yield from ({name: str(row[column])} for row in listing(f"{name}s")[:VALUES])


def is_shown(answer: Answer) -> bool:
    return any(row.suppression is None and row.value is not None for row in answer.rows)


def main(store: str) -> None:
    os.environ["DASHBOARD_STORE"] = store
    counts: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for page in PAGES:
        if page.id in ABOUT_DATA:
            continue
        for address in addresses():
            for answer in read_page(page.script, {**address, "as": "analyst"}).answers:
                if answer.status is not AnswerStatus.OK or not is_shown(answer):
                    continue
                question = Question(answer.measure.id, answer.by, goal=answer.goal)
                again = ask(question, answer.scope.but(viewer=GOVERNOR))
                is_answered = again.status is AnswerStatus.OK and not again.is_nearest
                counts.update(asked=1, answered=is_answered, shown=is_answered and is_shown(again))
                if not is_answered:
                    missing[f"{page.id} {answer.measure.id} by {answer.by}: {again.note or again.status}"] += 1
    print(f"{counts['asked']:,} questions: {counts['answered'] / counts['asked']:.1%} answered,")
    print(f"{counts['shown'] / counts['asked']:.1%} with at least one number shown")
    print(*(f"{count} {text}" for text, count in missing.most_common(30)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
