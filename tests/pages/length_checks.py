"""Check that no sentence is too long to read aloud in one breath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from queries.dimensions import FILTERS
from tests.pages.number_checks import MONTHS, SHORT
from tests.pages.page_text import PageText

MOST_WORDS = 25
END = re.compile(r"(?<=[.?!])[”)]?\s+(?=\S)")  # a decimal point is followed by a digit, not by a space
DATE = rf"(?:{MONTHS}) (?:\d{{1,2}}, )?\d{{4}}(?: so far)?|(?:{SHORT})(?:–(?:{SHORT}))? \d{{4}}"
# One figure: a number with its unit, a count with its base, and the two ends of an interval.
NUMBER = r"[−+]?\d[\d,]*(?:\.\d+)?"  # not the period that ends the sentence
FIGURES = (
    r"\$[\d.,]+ (?:million|billion|trillion)",
    rf"{NUMBER}%? to {NUMBER}%?(?: points)?",
    rf"{NUMBER} points",
    r"\d[\d,]* of \d[\d,]*",
)


def length_faults(page: PageText, texts: Iterable[str]) -> Iterator[str]:
    """Return the sentences of more than 25 words. A name, a date and a figure with its unit are one word each."""
    names = _names(page)
    for text in texts:
        if len(text.split()) <= MOST_WORDS:  # what follows makes words fewer
            continue
        shortened = names.sub("NAME", text) if names else text
        for figure in (DATE, *FIGURES):
            shortened = re.sub(figure, "FIGURE", shortened)
        for sentence in END.split(shortened):
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            if len(words) > MOST_WORDS:
                yield f"{len(words)} words in a sentence: {sentence}"


def _names(page: PageText) -> re.Pattern[str] | None:
    """Return a pattern of the names on a page: of its filters, of the rows of its answers, and of groups."""
    names = {value for name in FILTERS if (value := page.address.get(name))}
    rows = [row for answer in page.answers for row in answer.rows]
    names |= {key for row in rows if " " in (key := str(row.key))}
    names |= {str(base) for row in rows if (base := getattr(row, "benchmark_base", None))}
    names |= {noun for nouns in page.group_names.values() for noun in nouns}
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?i)\b(?:{pattern})") if pattern else None
