"""Ask what the page about one region shows, for the page and for the documents made of it. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.compared_answers import comparison_of
from components.comparison import Comparison
from components.equity_data import equity_data_of
from components.every_region import with_every_region
from components.periods import in_words
from components.release_limits import last_year
from components.scoped_answers import ScopedAnswers
from components.text import prose
from components.text.narratives import region_data, region_points, region_tables
from queries import Answer, Question, Scope
from queries.periods import years_after
from queries.privacy.family import is_limited

_SLOW_QUESTIONS = {
    "completion": Question("provider_limits", "provider", "completion_rate"),
    "jobs": Question("provider_limits", "provider", "placement_rate"),
}


@dataclass(frozen=True, kw_only=True)
class RegionReport:
    """The answers about one region.

    Attributes:
        data: The region, the state, the other regions and an earlier time.
        comparison: What the reader compares with; None where nothing fits.
        completion: Completion rates by provider, with limits.
        jobs: Job rates by provider, with limits.
        points: What to raise at the board's meeting.
    """

    data: region_data.RegionData
    comparison: Comparison | None
    completion: Answer
    jobs: Answer
    points: tuple[region_points.Point, ...]


def region_data_of(view: ScopedAnswers, region: str) -> tuple[region_data.RegionData, Comparison | None]:
    """Ask for every measure of a region, the state, all regions and an earlier time; also return what is compared with."""
    here, state = view.under(view.scope.but(region=region)), view.scope.but(region=None)
    earlier = comparison_of(here, is_place=False)
    data = region_data.RegionData(
        region=region,
        regions=list(view.choices.labels("region")),
        who=view.who,
        totals=_answers(view, here.scope),
        by_region=_by_region(view, state),
        state=_answers(view, state),
        earlier=_answers(view, here.scope.but(**earlier.changes)) if earlier else {},
        earlier_words=earlier.words if earlier else "",
    )
    return data, comparison_of(here)


def regions_columns_of(view: ScopedAnswers, data: region_data.RegionData) -> list[region_tables.RegionsColumn]:
    """Ask for every region and the state in an earlier time, and return the columns of the table of all regions."""
    state = view.under(view.scope.but(region=None))
    now = prose.when(data.totals["residents_enrolled"])
    columns = [region_tables.RegionsColumn(when=now, by_region=data.by_region, state=data.state)]
    for when, scope in _earlier_times(state):
        by_region, total = _by_region(view, scope), _answers(view, scope)
        columns.append(region_tables.RegionsColumn(when=when, by_region=by_region, state=total))
    return columns


def _earlier_times(state: ScopedAnswers) -> list[tuple[str, Scope]]:
    """Return the times to show next to today, in words and as a scope: what the reader compares with.

    Readers who can ask about whole periods only get the last two fiscal years that are over.
    """
    scope = state.scope
    comparison = comparison_of(state, is_place=False)
    if comparison is not None:
        return [(comparison.words, scope.but(**comparison.changes))]
    if not is_limited(scope) or scope.since or scope.until:
        return []
    first, last = last_year(scope, state.as_of)
    years = [(years_after(first, -back), years_after(last, -back)) for back in (0, 1)]
    return [(in_words(*days, state.as_of), scope.but(since=days[0], until=days[1])) for days in years]


def region_report(view: ScopedAnswers, data: region_data.RegionData, comparison: Comparison | None) -> RegionReport:
    """Ask for the providers of a region and what to raise at its board's meeting, and return everything known about it."""
    region = data.region
    slow = view.ask_all(_SLOW_QUESTIONS, region=region, group=None)
    completion, jobs = slow["completion"], slow["jobs"]
    points = region_points.points(
        data,
        overdue=view.ask("in_training_overdue", region=region, since=None, until=None),
        completion=completion,
        jobs=jobs,
        burn=view.ask("burn", region=region, group=None, since=None, until=None, initiative=view.main_initiative),
        equity=equity_data_of(view.under(view.scope.but(region=region))),
        group=view.scope.group,
    )
    return RegionReport(data=data, comparison=comparison, completion=completion, jobs=jobs, points=tuple(points))


def towns_of(view: ScopedAnswers, data: region_data.RegionData) -> tuple[Answer, list[region_tables.Town]]:
    """Return residents enrolled by town, and the towns of a region, the lowest rate first."""
    by_town = view.ask("residents_enrolled", by="town", region=data.region)
    towns = region_tables.towns(
        by_town,
        view.ask("enrolled_per_10000", by="town", region=data.region),
        data.totals["enrolled_per_10000"],
        {row["town"]: row["population"] for row in view.listing("towns") if row["region"] == data.region},
    )
    return by_town, towns


def _answers(view: ScopedAnswers, scope: Scope, by: str | None = None) -> Mapping[str, Answer]:
    """Ask for every measure under a scope."""
    people, money = (view.under(each) for each in (scope, region_data.money_scope(scope, view.as_of)))
    about_people = {measure: Question(measure, by) for measure in region_data.MEASURES}
    about_money = {measure: Question(measure, by) for measure in region_data.MONEY}
    return people.ask_all(about_people) | money.ask_all(about_money)


def _by_region(view: ScopedAnswers, scope: Scope) -> Mapping[str, Answer]:
    """Ask for every measure by region under a scope."""
    answers = _answers(view, scope, "region")
    rate = region_data.ENROLLED_RATE
    return {**answers, rate: with_every_region(answers[rate], view)}
