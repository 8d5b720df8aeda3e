"""What the numbers of a page are compared with: the same days a year earlier, the period before, the state, another region.

No Streamlit here. The reader chooses it in the sidebar, and the address keeps it as `compare`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from components.periods import end_of, kind_of
from components.text.format import day
from components.text.period_labels import days_label, period_label
from components.text.prose import capital
from components.url_state import COMPARISONS
from queries.models import Answer
from queries.periods import WORDS, days_of, key_of, years_after
from queries.privacy.family import is_limited
from queries.scope import Scope, ScopeValue

YEAR, BEFORE, STATE = COMPARISONS
# for readers who ask about whole periods
CHOOSE_CLOSED = "Choose a quarter or fiscal year that is over to compare it with the year before."
# What is so on the as-of date: it can rise and fall, and of those who began in another period, today's number is not that period's.
# And what goes on after a period: openings of an earlier one have had longer to be filled.
ON_THE_DATE = frozenset(
    {"in_training", "in_training_overdue", "open_positions", "fill_rate", "participant_share", "days_to_fill"}
)
RECENT_DAYS = 90  # for totals without a period, "before" is so long ago
_PART = 10  # a program may begin in the first tenth of a period that is compared with


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The scope on the other side of a comparison.

    Attributes:
        changes: The fields of the page's scope that differ.
        words: Where it stands, as it follows a number: "in the same days a year earlier", "in the state".
        is_place: Whether it is another place at the same time.
        name: What it is, where `words` is only a date.
    """

    changes: Mapping[str, ScopeValue]
    words: str
    is_place: bool = False
    name: str = ""

    @property
    def label(self) -> str:
        """Its name in a list, with what tells it apart first: "Same days, year before (Jul 1–Nov 13, 2025)", "State"."""
        first, last = (self.changes.get(name, self.changes.get("as_of")) for name in ("since", "until"))
        if not (isinstance(first, date) and isinstance(last, date)):
            return capital(self._noun.removeprefix("the "))
        days, _, period = self._noun.removeprefix("the ").partition(" of the ")
        name = self.name or (f"{period}, {days}" if period else days.replace(" a year earlier", ", year before"))
        is_quarter = kind_of(first, last) == "quarter"
        return f"{capital(name)} ({period_label(key_of(first, 'quarter')) if is_quarter else days_label(first, last)})"

    @property
    def stated(self) -> str:
        """What a document states next to its filters: "compared with the state"."""
        return f"compared with {self._noun}"

    @property
    def _noun(self) -> str:
        return self.words.removeprefix("in ").removeprefix("on ")


@dataclass(frozen=True)
class Compared:
    """The answer to the same question under the scope of a comparison."""

    answer: Answer
    comparison: Comparison


@dataclass(frozen=True)
class _Span:
    """Two days, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def options(scope: Scope, *, as_of: date, earliest: date, regions: Sequence[str]) -> dict[str, str]:
    """Return what a reader can compare with under these filters, value in the address to label; the default is first."""
    labels: dict[str, str] = {}
    seen: list[Mapping[str, ScopeValue]] = []
    for value in (YEAR, BEFORE, STATE, *regions):
        comparison = compare_with(value, scope, as_of=as_of, earliest=earliest)
        if comparison is not None and comparison.changes not in seen:
            seen.append(comparison.changes)
            labels[value] = comparison.label
    return labels


def compare_with(value: str | None, scope: Scope, *, as_of: date, earliest: date) -> Comparison | None:
    """Return the comparison that the address asks for; None where there is nothing fair to compare with.

    Two periods are compared over equally many days, but for February 29. Readers who can ask about whole quarters and fiscal years only get those
    that are over. A period from before the program began is not compared with.

    Args:
        value: "year", "before", "state" or a region; None for the default, a year earlier.
        scope: The filters.
        as_of: The day the data is seen from.
        earliest: The first day that may have events: when the program began.
    """
    comparison = _comparison(value, scope, as_of=as_of)
    return comparison if comparison and _has_begun(comparison, earliest) else None


def is_first_year(scope: Scope, *, as_of: date, earliest: date) -> bool:
    """Return whether there is nothing a year earlier because the program had not begun. Arguments as of `compare_with`."""
    comparison = _comparison(YEAR, scope, as_of=as_of)
    has_begun = end_of(scope, as_of) >= earliest
    return comparison is not None and has_begun and not _has_begun(comparison, earliest)


def _has_begun(comparison: Comparison, earliest: date) -> bool:
    """Return whether a program that began on a day ran on the other side of a comparison, of a period in all but a tenth of it."""
    since, until, as_of = (comparison.changes.get(name) for name in ("since", "until", "as_of"))
    if isinstance(since, date) and isinstance(until, date):
        return (earliest - since) * _PART <= until - since
    return not isinstance(as_of, date) or as_of >= earliest


def _comparison(value: str | None, scope: Scope, *, as_of: date) -> Comparison | None:
    """Return the comparison that the address asks for, whenever the program began."""
    if value == STATE:
        return Comparison(changes={"region": None}, words="in the state", is_place=True) if scope.region else None
    if value not in (None, YEAR, BEFORE):
        is_other = scope.region is not None and value != scope.region
        return Comparison(changes={"region": value}, words=f"in {value}", is_place=True) if is_other else None
    if scope.since is None:
        return _earlier_day(value, scope, as_of=as_of)
    shown = _Span(scope.since, end_of(scope, as_of))
    if shown.days < 1:
        return None
    is_over = scope.until is not None and scope.until <= as_of
    kind = kind_of(scope.since, scope.until)
    if is_limited(scope) and not (is_over and kind):
        return None
    if value == BEFORE and kind == "fiscal_year" and not is_over:
        kind = None  # as many days just before: the first days of the year before are what YEAR compares with
    other = _before(shown, kind, is_over=is_over) if value == BEFORE else _year_earlier(shown, kind, is_over=is_over)
    changes = {"since": other.first, "until": other.last}
    if (
        value != BEFORE and shown.days == 1 and other.last.day != shown.last.day
    ):  # February 29 has no such day a year earlier
        return Comparison(changes=changes, words=f"on {day(other.last)}", name="a year earlier")
    return Comparison(changes=changes, words=_words(value, kind, other, is_over=is_over))


def _earlier_day(value: str | None, scope: Scope, *, as_of: date) -> Comparison | None:
    """Compare totals without a period with what they were on an earlier day."""
    if scope.until is not None or is_limited(scope):
        return None
    is_recent = value == BEFORE
    then = as_of - timedelta(days=RECENT_DAYS) if is_recent else years_after(as_of, -1)
    name = f"{RECENT_DAYS} days earlier" if is_recent else "a year earlier"
    return Comparison(changes={"as_of": then}, words=f"on {day(then)}", name=name)


def _year_earlier(shown: _Span, kind: str | None, *, is_over: bool) -> _Span:
    first, last = years_after(shown.first, -1), years_after(shown.last, -1)
    return _Span(*days_of(key_of(first, kind), kind)) if kind and is_over else _Span(first, last)


def _before(shown: _Span, kind: str | None, *, is_over: bool) -> _Span:
    last = shown.first - timedelta(days=1)
    if kind is None:
        return _Span(shown.first - timedelta(days=shown.days), last)
    first, last = days_of(key_of(last, kind), kind)
    return _Span(first, last if is_over else min(last, first + timedelta(days=shown.days - 1)))


def _words(value: str | None, kind: str | None, other: _Span, *, is_over: bool) -> str:
    is_day = other.days == 1
    if value != BEFORE:
        if kind == "fiscal_year" and is_over:
            return "in the fiscal year before"
        if is_day:
            return "on the same day a year earlier"
        return f"in the same {WORDS[kind] if kind == 'quarter' and is_over else 'days'} a year earlier"
    if kind is None:
        return "on the day before" if is_day else f"in the {other.days} days before"
    if is_over:
        return f"in the {WORDS[kind]} before"
    return f"{'on the first day' if is_day else f'in the first {other.days} days'} of the {WORDS[kind]} before"
