"""Ask what the page about one region shows, for the page and for the documents made of it. No Streamlit here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.compared_answers import comparison_of
from components.comparison import Comparison
from components.data_table import Table
from components.equity_data import equity_data_of
from components.scoped_answers import ScopedAnswers
from components.text.narratives import region_data, region_points, region_tables
from queries import Answer, Question, Scope

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
        by_region=_answers(view, state, "region"),
        state=_answers(view, state),
        earlier=_answers(view, here.scope.but(**earlier.changes)) if earlier else {},
        earlier_words=earlier.words if earlier else "",
    )
    return data, comparison_of(here)


def regions_table_of(view: ScopedAnswers, data: region_data.RegionData) -> Table:
    """Ask for every region in the time that the reader compares with, and return the table of all regions next to it."""
    here, state = view.under(view.scope.but(region=data.region)), view.scope.but(region=None)
    earlier = comparison_of(here, is_place=False)
    if earlier is None:
        return region_tables.regions_table(data)
    then = state.but(**earlier.changes)
    return region_tables.regions_table(data, _answers(view, then, "region"), _answers(view, then))


def region_report(view: ScopedAnswers, data: region_data.RegionData, comparison: Comparison | None) -> RegionReport:
    """Ask for the providers of a region and what to raise at its board's meeting, and return everything known about it."""
    region = data.region
    slow = view.ask_all(_SLOW_QUESTIONS, region=region, group=None)
    completion, jobs = slow["completion"], slow["jobs"]
    points = region_points.points(
        data,
        overdue=view.ask("in_training_overdue", region=region),
        completion=completion,
        jobs=jobs,
        burn=view.ask("burn", region=region, group=None, since=None, until=None, initiative=view.main_initiative),
        equity=equity_data_of(view.under(view.scope.but(region=region))),
    )
    return RegionReport(data=data, comparison=comparison, completion=completion, jobs=jobs, points=tuple(points))


def towns_of(view: ScopedAnswers, data: region_data.RegionData) -> tuple[Answer, list[region_tables.Town]]:
    """Return residents enrolled by town, and the towns of a region, the lowest rate first."""
    by_town = view.ask("residents_enrolled", by="town", region=data.region)
    towns = region_tables.towns(
        by_town,
        view.ask("enrolled_per_10000", by="town", region=data.region),
        data.totals["enrolled_per_10000"],
        names=[row["town"] for row in view.listing("towns") if row["region"] == data.region],
    )
    return by_town, towns


def _answers(view: ScopedAnswers, scope: Scope, by: str | None = None) -> Mapping[str, Answer]:
    """Ask for every measure under a scope."""
    people, money = (view.under(each) for each in (scope, region_data.money_scope(scope, view.as_of)))
    return people.ask_all(region_data.questions(by)) | money.ask_all(region_data.money_questions(by))
