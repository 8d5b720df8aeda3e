"""Describe a plan place by place: chart, table, and how it is calculated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.text import prose, reliability
from components.text.format import known, people, share
from components.text.narratives.answer_data import population
from components.text.narratives.plan import ENDS, PLACES, SHARE, is_silent, more_of, present_mean, rate_period
from components.text.scope_words import chosen
from queries.calculators.plan_goal import GoalSource
from queries.calculators.plan_rows import PlanRow, PlanVerdict
from queries.models import Answer, Row
from queries.privacy.suppression import is_hidden
from queries.recent_rates import CAPACITY_QUARTERS
from queries.verdicts import ENOUGH, TOO_FEW

OF_ANSWERS = ("To enroll by the date", "Needed per month", "Now per month", "Room for the group per month", "Finding")
FINDINGS: Mapping[PlanVerdict | None, str] = {
    PlanVerdict.NOTHING_NEEDED: "None needed",
    PlanVerdict.AS_NOW: "No more than now",
    PlanVerdict.WITHIN: "Has enrolled this many before",
    PlanVerdict.AT_LIMIT: "At its past maximum",
}


def pairs(places: Answer) -> dict[str, tuple[float, float]]:
    """Map each place that can be shown to (needed per month, now per month), the largest need first."""
    rows = [row for row in places.rows_of(PlanRow) if known(row.value) and not is_silent(row)]
    rows.sort(key=lambda row: (-(row.needed_monthly or 0), row.key))
    return {row.key: (row.needed_monthly or 0, row.now_monthly or 0) for row in rows}


def title(places: Answer, *, who: str) -> str:
    """State the finding over the chart; where some places are hidden, it is about those shown."""
    rows, place = [row for row in places.rows_of(PlanRow) if known(row.value)], str(places.by)
    is_partial = any(is_hidden(row) for row in places.rows)
    shown = " shown" if is_partial else ""
    at_limit = [row.key for row in rows if row.verdict == PlanVerdict.AT_LIMIT]
    if len(at_limit) == len(rows) > 1:
        return f"Every {place}{shown} would be at its past maximum"
    if len(at_limit) > 3:
        count, total = prose.capital(prose.in_words(len(at_limit))), prose.in_words(len(rows))
        return f"{count} of {total} {place}s{shown} would be at their past maximum"
    if at_limit:
        return f"{prose.join(at_limit)} would be at {'its' if len(at_limit) == 1 else 'their'} past maximum"
    rows.sort(key=lambda row: -(row.step_monthly or 0))
    more, key = rows[0].step_monthly or 0, rows[0].key
    if more <= 0:
        return f"No {place}{shown} needs more than now"
    what = rows[0].what
    success = "" if what == SHARE else ENDS[str(what)][2]
    needed = more_of(more, who) if not success else f"{people(more)} more {prose.noun(more, success)} of {who}"
    increase = f"{needed}{chosen(places.scope)} a month than now"
    if len(rows) == 1:
        return f"{key} needs {increase}"
    if people(more) == people(rows[1].step_monthly):
        return f"Increase needed by {place}"
    among = f" of the {place}s shown" if is_partial else ""
    return f"{key} needs the largest increase{among}: {increase}"


def chart_words(places: Answer) -> str:
    """Describe the chart."""
    what = places.rows_of(PlanRow)[0].what
    counted = (
        "Residents of the group enrolling" if what == SHARE else f"{prose.capital(ENDS[str(what)][2])}s of the group"
    )
    return f"{counted} per month, {places.by} by {places.by}: the number needed for the goal, and the present rate."


def shown(places: Answer | None) -> int:
    """Return how many places of a plan this reader can see."""
    return sum(not is_hidden(row) for row in places.rows) if places is not None else 0


def is_mostly_hidden(places: Answer) -> bool:
    """Return whether fewer than half of the places are shown: then they are named, and not listed row by row."""
    return 2 * shown(places) < len(places.rows)


def not_shown(places: Answer, *, is_own_goal: bool) -> str:
    """Say which places a protected reader sees no plan for, and what they do see; "" where most are shown.

    Args:
        places: The plan by region or sector.
        is_own_goal: Whether the reader chose the goal or the date.
    """
    if not is_mostly_hidden(places):
        return ""
    if is_own_goal and not shown(places) and all(row.what == SHARE for row in places.rows_of(PlanRow)):
        return (
            "Your role sees the total above, which counts everyone. To protect residents’ privacy, "
            f"no plan by {places.by} is shown for a goal or a date that you choose."
        )
    hidden = prose.join([row.key for row in places.rows if is_hidden(row)])
    seen = prose.join([row.key for row in places.rows if not is_hidden(row)])
    also = f", and of the plans by {places.by} that of {seen}" if seen else ""
    return (
        f"Your role sees the total above, which counts everyone{also}. "
        f"To protect residents’ privacy, no plan is shown for {hidden}."
    )


def table(places: Answer) -> list[dict[str, prose.Cell]]:
    """Return one table row a place; a hidden place gives its reason once. Where most are hidden, only those shown have a row."""
    by = str(places.by)
    cells = {
        row.key: _share_cells(row, by) if row.what == SHARE else _rate_cells(row, by)
        for row in places.rows_of(PlanRow)
        if not is_hidden(row)
    }
    names = list(next(iter(cells.values()), {PLACES[by]: "", "The plan": ""}))
    if is_mostly_hidden(places):
        return list(cells.values())
    return [cells.get(row.key) or _hidden_cells(row, names) for row in places.rows]


def _hidden_cells(row: Row, names: Sequence[str]) -> dict[str, prose.Cell]:
    return {**dict.fromkeys(names, "not shown"), **dict(zip(names, (row.key, row.note), strict=False))}


def _share_cells(row: PlanRow, by: str) -> dict[str, prose.Cell]:
    cells: dict[str, prose.Cell] = {
        PLACES[by]: row.key,
        "To enroll by the date": row.value,
        "Needed per month": _rounded(row.needed_monthly),
        "Now per month": _rounded(row.now_monthly),
        "Room for the group per month": _rounded(row.room_monthly),
        "Most residents enrolled per month": _rounded(row.capacity_monthly),
        "Share now": share(row.share) if known(row.share) else "nobody answered",
        "Reliability": reliability.of_share(row.numerator, row.denominator),
    }
    if by == "region":
        statewide = " (state)" if row.benchmark_is_statewide else ""
        cells["Benchmark"] = f"{share(row.benchmark)}{statewide}" if known(row.benchmark) else "none"
    cells["Finding"] = FINDINGS[row.verdict]
    return cells | (dict.fromkeys(OF_ANSWERS, "not known") if is_silent(row) else {})


def _rounded(monthly: float | None) -> float | None:
    return None if monthly is None else round(monthly, 1)


def _rate_cells(row: PlanRow, by: str) -> dict[str, prose.Cell]:
    missing = "too few" if row.note == TOO_FEW else "none expected"
    exits, _, success = ENDS[str(row.what)]
    is_known = known(row.more_monthly)
    return {
        PLACES[by]: row.key,
        f"{prose.capital(exits)} counted": row.denominator,
        "Rate now": share(row.rate) if known(row.rate) else prose.capital(row.note or ""),
        "Reliability": reliability.of_row(row) if known(row.rate) else "",
        f"More {prose.noun(2, success)} per month": _rounded(row.more_monthly) if is_known else missing,
        "Needed per month": _rounded(row.needed_monthly) if is_known else missing,
        "Now per month": _rounded(row.now_monthly) if is_known else missing,
    }


def how(plan: Answer, places: Answer | None, *, not_known: str) -> list[str]:
    """Explain how the plan is calculated and what it assumes, one or two sentences each.

    Args:
        plan: The plan in total.
        places: The plan by region or sector.
        not_known: How many exits are left out because their outcome is not known yet.
    """
    row = plan.total_of(PlanRow)
    base, _, definition = (row.goal_about or "").replace("; compare ", ". Compare ").partition(": ")
    goal = {
        GoalSource.READER: "The goal and the date are the ones chosen above.",
        GoalSource.TARGET: f"The goal is the target in force, set by {row.goal_about}.",
        GoalSource.BENCHMARK: f"No target is in force under these filters, so the goal is the benchmark, a share of {population(base)}. Definition and source: {definition}.",
        GoalSource.OTHERS: "No target is in force under these filters, so the goal is the rate of residents known not to be in the group.",
    }[row.goal_source or GoalSource.READER]
    return [goal, *(_how_share(row, places) if row.what == SHARE else [*_how_rate(row), not_known])]


def _how_rate(row: PlanRow) -> list[str]:
    exits, _, success = ENDS[str(row.what)]
    texts = [
        f"The goal is for {exits} from now until the date, not for earlier ones. The number expected per month is "
        f"{present_mean(row)}. The present rate is that of the {exits} {rate_period(row)}.",
        "Each region or sector has to reach the goal by itself. One that is above it needs no more, so the rows can add up to more "
        f"than the total. With fewer than {ENOUGH} {exits} in these months, there are not enough people to say.",
    ]
    if success == "job":
        texts.append(
            "Exits of the last 180 days are left out of the rate, because a job often begins or is reported later."
        )
    if success == "credential":
        texts.append(
            "Completions of the last 90 days are left out of the rate, because a credential is often reported later."
        )
    return texts


def without_room(plan: Answer, places: Answer, *, who: str) -> str:
    """Say how many of the residents needed have no room in any place; "" where all have or some places are hidden."""
    needed = plan.total_of(PlanRow)
    rows = places.rows_of(PlanRow)
    left = (needed.value or 0) - sum(row.value or 0 for row in rows)
    if needed.what != SHARE or left <= 0 or not all(known(row.value) for row in rows) or not _are_full(rows):
        return ""
    return (
        f"The rows add up to {people((needed.value or 0) - left)}. Of the {more_of(needed.value or 0, who)} "
        f"needed{chosen(places.scope)}, {people(left)} {prose.noun(left, 'has', 'have')} no room in any {places.by} at past maximums."
    )


def _are_full(rows: Sequence[PlanRow]) -> bool:
    """Return whether every place that can be shown takes as many as it has room for."""
    shown = [row for row in rows if known(row.value)]
    return bool(shown) and all(row.room is not None and (row.value or 0) >= row.room for row in shown)


def _how_share(row: PlanRow, places: Answer | None) -> list[str]:
    texts = [
        f"Others are assumed to keep enrolling at {people(row.others_monthly)} a month, "
        f"{present_mean(row)}. They would go from {people(row.others)} now to {people(round(row.others_then or 0))} on the "
        "date. The number needed is the smallest that reaches the goal.",
        f"{prose.capital(prose.plural(row.undisclosed, 'resident'))} did not disclose. Shares are of those who answered; not "
        "disclosed is never counted as no.",
    ]
    if places is None:
        return texts
    base = "present odds of being in the group"
    if places.by == "region":
        has_benchmark = any(known(place.benchmark) for place in places.rows_of(PlanRow))
        base = (
            "benchmark’s odds, the group to others"
            if has_benchmark
            else "present residents, because no benchmark exists"
        )
    rule = f"The total is split so that every {places.by} reaches the same multiple of its {base}, if it has room."
    if _are_full(places.rows_of(PlanRow)):
        shown = " shown" if any(is_hidden(place) for place in places.rows) else ""
        rule = f"Every {places.by}{shown} is given as many as it has room for."
    texts.append(
        f"{rule} Room is the most it enrolled per month in the best quarter of the last {prose.in_words(CAPACITY_QUARTERS)}, or now, "
        "less the present rate of everyone else. It assumes the money and staff of that time."
    )
    if any(place.benchmark_is_statewide for place in places.rows_of(PlanRow)):
        texts.append("There is no benchmark for single regions, so each uses the state’s.")
    texts.append(f"A resident in two {places.by}s is in both rows; the total counts each resident once.")
    return texts
