"""Check the sentences of a page against the answers it asked for.

A sentence that can be read alone (a lead, a title, a quote, or a description with numbers) is checked against the answers
whose every filter it names. So a number under a filter that the sentence does not name is an error, and so is a number that no
answer holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta

from components.periods import in_words
from components.text import format
from queries import Answer
from queries.dimensions import FILTERS
from tests.pages.exact_checks import exact_faults, flow_faults
from tests.pages.length_checks import length_faults
from tests.pages.number_checks import number_faults, table_sums
from tests.pages.page_text import PageText
from tests.pages.ranking_checks import ranking_faults
from tests.pages.verdict_checks import verdict_faults

# Leads, titles, quotes, and the text alternatives of charts: read without the page around them.
STANDALONE = ("lead", "title", "quote", "words")
NOT_SENTENCES = (
    r"\bNone\b|\bnan\b|\bNaN\b",
    r"all of it is in",
    r"\b0 of them\b",
    r"who finished or left",  # the base is exits
    r"completed no |earned no ",
    r"like the state",
    r"on course|cannot be reached|half earn",
    r"raises|lowers|leads? to|because of|thanks to|caused",
    r"(?:twelve|12) largest of (?:[1-9]|1[01])\b|ten largest of [1-9]\b",
    r"fewest in .*none in",
    r"the table (?:also )?has\b",  # neither paper nor a slide has it
    r"  |\.\.|,,|;\.|\( | \)| ,",
)
# Phrases that plain words have taken the place of; none may come back, in a sentence or a label.
REPLACED = (
    r"How is this made|See the table|To quote|most walked way|The way in\b|The ladder|Who takes part|How they fare|Held against|"
    r"(?-i:In words\b)|chance hardly makes|chance could make|beyond chance|more than chance explains|What the totals hide|What stands out|"
    r"not mix\b|It is mix\b|Would have passed|not a finding|Asked a month|Within its best quarter|At its limit|the schedule asks|"
    r"\btightest\b|\bglut\b|too few to show apart|set aside|quarantined|delivery before|to see it alone|\d are drawn|As Treasury asks|"
    r"(?-i:Dated by)|Counted once it is mature|filled whole|Not one of your pages|first enrolled\b|gap is in where they enroll|= no clear|"
    r"\breliable\b|participation screen|Cut-off|reviews under section 188|"
    r"(?-i:Placement)|placement rate|more placements|placed in a job|(?-i:\bPlaced\b)|none counted|Nobody to count here|Not shown, for privacy|no clear order"
)
SINGULAR = "resident|exit|completion|credential|position|course|learner|registration|enrollment|application|opening|row|quarter"
DISAGREEING = (
    rf"(?<![\d,.$])1 (?:{SINGULAR})s\b",
    rf"(?<![\d,.])(?:\d[\d,]*\d|[02-9]) (?:more )?(?:{SINGULAR})\b(?! days)",
    r"(?<![\d,.$])(?<!and )1 (?:\w+ ){0,2}(?:have|are|were)\b",
    r"(?<!among )(?<!of )(?<!of BIPOC )(?<!among BIPOC )\b(?:residents|veterans|women|immigrants|people|exits|positions|courses) (?:has|is|was)\b",
)

RECENT = {"last 90 days": 89, "in the last year": 364}


def faults(page: PageText, *, is_strict: bool = True) -> Iterator[str]:
    """Return what is wrong with the sentences of a page. is_strict: check numbers, filters and rankings too."""
    nouns = page.group_names
    dates = Counter(answer.as_of for answer in page.answers).most_common(1)
    page_date = dates[0][0] if dates else None  # a comparison can be of another day, which its sentence states
    yield from verdict_faults(page)
    others = (sentence.text for sentence in page.sentences if sentence.text not in page.everything)
    everything = " ".join([page.everything, *others])
    yield from (f"replaced words: {match[0]}" for match in re.finditer(REPLACED, everything, re.IGNORECASE))
    yield from length_faults(page, dict.fromkeys([*page.blocks, *(sentence.text for sentence in page.sentences)]))
    for sentence in page.sentences:
        text = sentence.text
        for pattern in (*NOT_SENTENCES, *DISAGREEING):
            if match := re.search(pattern, text, re.IGNORECASE if pattern in NOT_SENTENCES[1:] else 0):
                yield f"{sentence.kind}: “{match[0]}” in: {text}"
        yield from _period_faults(page, text)
        if sentence.kind == "lead":
            yield from _gap_faults(page, text)
        if not is_strict:
            continue
        is_standalone = sentence.kind in STANDALONE
        answers = [
            a
            for a in page.answers
            if not is_standalone
            or (_states_filters(a, text, nouns) and (a.as_of == page_date or format.day(a.as_of) in text))
        ]
        if sentence.kind == "quote":
            yield from _unnamed_filters(page, text, nouns)
        numbers = number_faults(answers, text, table_sums(page), names=page.names)
        yield from (f"{sentence.kind}: {fault} in: {text}" for fault in numbers)
        if is_standalone:
            yield from (
                f"{sentence.kind}: {fault} in: {text}" for fault in ranking_faults(answers, text, page.group_names)
            )
            yield from (
                f"{sentence.kind}: {fault} in: {text}"
                for fault in (*exact_faults(answers, text), *flow_faults(answers, text))
            )


def _states_filters(answer: Answer, text: str, nouns: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a sentence names every filter of an answer."""
    scope = answer.scope
    if not all(value in text for name, value in scope.filters.items() if name != "group"):
        return False
    if scope.group and not any(name.lower() in text.lower() for name in nouns[scope.group]):
        return False
    return not (scope.since or scope.until) or _states_period(answer, text)


def _states_period(answer: Answer, text: str) -> bool:
    scope = answer.scope
    for phrase, days in RECENT.items():
        if scope.since == answer.as_of - timedelta(days=days) and scope.until == answer.as_of and phrase in text:
            return True
    if in_words(scope.since, scope.until, answer.as_of).lower() in text.lower():
        return True
    if answer.measure.id == "residents_new" and re.search(r"a year earlier|in the \w+ (?:\w+ )?before", text):
        return True  # flow_faults checks which period it is
    if scope.since and scope.since > answer.as_of:
        return format.day(scope.since) in text
    until = min(scope.until, answer.as_of) if scope.until else None
    is_over = scope.until in (None, until)
    return all(format.day(end) in text for end in (scope.since, until) if end) and (is_over or "so far" in text)


def _period_faults(page: PageText, text: str) -> Iterator[str]:
    """A period that is not over may not read as if it were."""
    for answer in page.answers[:1]:
        until = answer.scope.until
        if until and until > answer.as_of and f"to {format.day(until)}" in text:
            yield f"the period ends after the date shown: {text}"


def _gap_faults(page: PageText, text: str) -> Iterator[str]:
    """A plan without a goal names the groups that are short, all of them and no other."""
    for answer in page.answers:
        if answer.measure.id != "gap_residents" or not re.search(r"short of its target|calls for", text):
            continue
        short = {str(row.group) for row in answer.rows if format.known(row.value) and row.value > 0}
        claim = text.partition(" calls for: ")[2].partition(". ")[0].lower()
        stated = {group for group, (noun, _) in page.group_names.items() if noun.lower() in claim}
        if stated != short:
            yield f"lead: {', '.join(sorted(stated ^ short))} are named or left out: {text}"


def _unnamed_filters(page: PageText, text: str, nouns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name in (name for name in FILTERS if name != "group"):
        if (value := page.address.get(name)) and value not in text:
            yield f"quote: {name} {value} is not named: {text}"
    group = page.address.get("group")
    if group and not any(name.lower() in text.lower() for name in nouns[group]):
        yield f"quote: {group} is not named: {text}"
