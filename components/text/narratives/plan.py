"""A plan in words: what a goal asks a month, of whom, and whether it can be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from components.text import prose
from components.text.format import a_month, day, interval, known, people, share
from queries.calculators.plan_goal import GoalSource
from queries.calculators.plan_rows import PlanVerdict
from queries.periods import full_months_before
from queries.privacy.suppression import is_hidden
from queries.recent_rates import CAPACITY_QUARTERS, PRESENT_MONTHS, RATE_MONTHS
from queries.verdicts import ENOUGH, TOO_FEW

SHARE = "participation_share"
# what is counted, how it ends, and what one such end is called
ENDS = {
    "completion_rate": ("exits", "to be completions", "completion"),
    "credential_rate": ("completions", "to carry a credential", "credential"),
    "placement_rate": ("exits", "to lead to a job", "placement"),
}
WORDS = {
    PlanVerdict.NOTHING_NEEDED: "Nothing asked",
    PlanVerdict.AS_NOW: "No more than now",
    PlanVerdict.WITHIN: "Within its best quarter",
    PlanVerdict.AT_LIMIT: "At its limit",
}
PLACES = {"region": "Region", "sector": "Sector"}


def places_to_choose(scope: Any) -> dict[str, str]:
    """What a plan can be shared out over: regions and sectors, but for one that is chosen in the filters."""
    return {name: f"{label}s" for name, label in PLACES.items() if not getattr(scope, name)}


def behind(gaps: Any, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """(group, words) for each group that is short of its target or benchmark, the widest gap first."""
    rows = sorted((row for row in gaps.rows if known(row.value) and row.value > 0), key=lambda row: -row.value)
    return [
        (row.key, f"{labels.get(row.key, row.key)}: {prose.plural(row.value, 'resident')} short, today")
        for row in rows
    ]


def choose(gaps: Any, nouns: Mapping[str, str]) -> str:
    """What the page says before a group is chosen; nouns: a group in the middle of a sentence."""
    if gaps.status != "ok":
        return gaps.note or "There is nobody to plan for yet."
    found = behind(gaps, nouns)
    if not found:
        return (
            "No group is short of its target or benchmark. Choose a group in the filters to plan for it all the same."
        )
    names = prose.capital(prose.join([nouns.get(group, group) for group, _ in found]))
    return f"{names} are enrolled short of a target or benchmark. Choose a group to see what would close its gap."


def lead(whole: Any, places: Any, *, who: str, where: Sequence[str | None]) -> str:
    """The answer: how many must come and how many a month, against now; or that it is reached, or cannot be."""
    row = whole.total
    if whole.status == "ok" and row.note == TOO_FEW:
        exits = ENDS[row.what][0]
        return f"Not enough people to say: {people(row.denominator)} {exits} of {who} in the last twelve months."
    if whole.status != "ok" or not known(row.value):
        return prose.capital(row.note or whole.note or "nothing to plan from yet").rstrip(".") + "."
    place = "".join(f" in {name}" for name in where if name)
    return _share_lead(row, places, who, place) if row.what == SHARE else _rate_lead(row, who, place)


def _share_lead(row: Any, places: Any, who: str, place: str) -> str:
    goal, by = share_of(row.goal), day(row.due_on)
    if row.value == 0:
        return (
            f"{prose.capital(who)}{place} are {share(row.share)} of residents who answered: the goal of {goal} is reached. "
            f"If no more of them enrolled and the others went on as now, they would still be {share(row.share_if_none_enroll)} on {by}."
        )
    asked, now = a_month(row.needed_monthly), a_month(row.now_monthly)
    short = row.value - placed(row, places)
    if short > 0:
        return (
            f"{goal} cannot be reached by {by}{place}: it asks for {people(row.value)} more {who}, {asked} a month against "
            f"{now} now. At full capacity the share would be {share(share_at_capacity(row, places))}."
        )
    more = f"To reach {goal} by {by}, {people(row.value)} more {who}{place} must enroll: {asked} a month"
    if row.value <= row.now_monthly * row.months:
        return f"{more}. At {now} a month now, they are on course."
    return f"{more}, against {now} a month now."


def _rate_lead(row: Any, who: str, place: str) -> str:
    goal = share_of(row.goal)
    exits, end, one = ENDS[row.what]
    rate = f"{share(row.rate)} of {people(row.denominator)} {exits} in the last twelve months"
    if row.value == 0:
        return f"{prose.capital(who)}{place} are at {rate}, against the goal of {goal}: it is reached."
    more = a_month(row.more_monthly)
    text = (
        f"For {goal} of the {exits} of {who}{place} until {day(row.due_on)} {end}, {more} more "
        f"{prose.noun(row.more_monthly, one)} a month {'is' if more == '1' else 'are'} needed: "
        f"{a_month(row.needed_monthly)} against {a_month(row.now_monthly)} now."
    )
    if row.rate_low <= row.goal <= row.rate_high:
        text += f" The present rate may be that high already: {rate}, 95% interval {interval(row.rate_low, row.rate_high)}."
    return text


def share_of(value: float) -> str:
    """A goal as it was set, with decimals only where it has some: "11%", "50.95%"."""
    return f"{round(value * 100, 2):g}%"


def placed(row: Any, places: Any) -> float:
    """Residents for whom there is room: over all places, or in the whole where it is not shared out, or not all are shown."""
    rows = list(places.rows) if places is not None else []
    if any(is_hidden(one) for one in rows):
        rows = []
    found = [one.value for one in rows if known(one.value)]
    return sum(found) if found else min(row.value, row.room)


def share_at_capacity(row: Any, places: Any) -> float:
    """The group's share on the date if every place enrolled as many of it as it has room for."""
    return row.share_with(placed(row, places))


def caution(whole: Any, applied: Any, deadlines: Sequence[Mapping[str, Any]], *, as_of: date) -> str:
    """What the plan would mean beside those who apply now, and a date by which its dollars must be spent; "" where nothing."""
    row = whole.total
    if row.what != SHARE or not whole.total.value:
        return ""
    months = full_months_before(as_of, PRESENT_MONTHS)
    apply_now = sum(row.value or 0 for row in applied.rows if row.key in months) / PRESENT_MONTHS
    text = f"With the others, {a_month(row.total_monthly)} would enroll a month, {share(row.share_of_total_monthly)} of them of this group."
    if applied.status == "ok" and not any(is_hidden(row) for row in applied.rows):
        text += f" At present {a_month(apply_now)} apply a month, of any group."
    ends = [row["falls_on"] for row in deadlines if row["kind"] == "expend"]
    if ends and min(ends) < row.due_on:
        text += f" The recovery funds must be spent by {day(min(ends))}, before the plan’s date."
    return text


def figures(whole: Any) -> list[tuple[str, str, str]]:
    """(label, value, context) of the headline figures."""
    row = whole.total
    monthly = f"mean of the last {prose.in_words(PRESENT_MONTHS)} full months"
    if row.what == SHARE:
        return [
            ("Residents still to enroll", people(row.value), f"by {day(row.due_on)}"),
            ("Asked a month", a_month(row.needed_monthly), f"over {people(round(row.months, 1))} months{_times(row)}"),
            ("Now a month", a_month(row.now_monthly), monthly),
            ("Share now", share(row.share), f"{people(row.numerator)} of {people(row.denominator)}; at the present rate {share(row.share_on_course)} by then"),
        ]  # fmt: skip
    exits, _, one = ENDS[row.what]
    span = interval(row.rate_low, row.rate_high)
    return [
        (f"More {prose.noun(2, one)} needed", people(row.value), f"by {day(row.due_on)}"),
        ("Asked a month", a_month(row.needed_monthly), f"of {a_month(row.exits_monthly)} {exits} a month"),
        ("Now a month", a_month(row.now_monthly), monthly),
        ("Rate now", share(row.rate), f"{people(row.numerator)} of {people(row.denominator)} · 95% interval {span}"),
    ]  # fmt: skip


def _times(row: Any) -> str:
    times = row.times_now or 0
    return f", {people(round(times, 0 if times >= 10 else 1))} times as many as now" if times >= 1.5 else ""


def pairs(places: Any) -> dict[str, tuple[float, float]]:
    """{place: (asked a month, now a month)} of the places that can be said, the most asked first."""
    rows = sorted((row for row in places.rows if known(row.value)), key=lambda r: (-r.needed_monthly, r.key))
    return {row.key: (row.needed_monthly, row.now_monthly) for row in rows}


def title(places: Any) -> str:
    """The finding over the chart; about the places that are shown, where some are held back."""
    rows, one = [row for row in places.rows if known(row.value)], places.by
    shown = any(is_hidden(row) for row in places.rows)
    limit = [row.key for row in rows if row.verdict == PlanVerdict.AT_LIMIT]
    if len(limit) == len(rows) > 1:
        return f"Every {one}{' shown' if shown else ''} would be at its limit"
    if len(limit) > 3:
        return f"{prose.capital(prose.in_words(len(limit)))} of {prose.in_words(len(rows))} {one}s{' shown' if shown else ''} would be at their limit"
    if limit:
        return f"{prose.join(limit)} would be at {'its' if len(limit) == 1 else 'their'} limit"
    most = max(rows, key=lambda row: row.step_monthly)
    step = most.step_monthly
    if step <= 0:
        return f"{f'No {one} shown' if shown else 'Nobody'} is asked for more than now"
    among = f" of the {one}s shown" if shown and len(rows) > 1 else ""
    if shown and not among:
        return f"{most.key} is asked for {a_month(step)} more a month than now"
    return f"{most.key} has the largest step to take{among}: {a_month(step)} more a month than now"


def chart_words(places: Any) -> str:
    """The chart in words."""
    what = places.rows[0].what
    counted = "Residents of the group enrolling" if what == SHARE else f"{ENDS[what][2].capitalize()}s of the group"
    return f"{counted} a month, {places.by} by {places.by}: what the goal asks, and the present rate."


def columns(places: Any) -> list[dict[str, Any]]:
    """One row a place, as the table shows it; one that is held back says why, once."""
    columns = {
        row.key: _share_columns(row, places.by) if row.what == SHARE else _rate_columns(row, places.by)
        for row in places.rows
        if not is_hidden(row)
    }
    names = next(iter(columns.values()), {PLACES[places.by]: "", "The plan": ""})
    return [columns.get(row.key) or _held_back(row, list(names)) for row in places.rows]


def _held_back(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return dict.fromkeys(names, "not shown") | dict(zip(names, (row.key, row.note), strict=False))


def _share_columns(row: Any, by: str) -> dict[str, Any]:
    found = {
        PLACES[by]: row.key,
        "To enroll by the date": row.value,
        "Asked a month": round(row.needed_monthly, 1),
        "Now a month": round(row.now_monthly, 1),
        "Room for the group a month": round(row.room_monthly, 1),
        "Most residents enrolled a month": round(row.capacity_monthly, 1),
        "Share now": share(row.share) if known(row.share) else "nobody answered",
    }
    if by == "region":
        base = row.benchmark
        found["Benchmark"] = (
            f"{share(base)}{' (state)' if row.benchmark_is_statewide else ''}" if known(base) else "none"
        )
    return found | {"In words": WORDS[row.verdict]}


def _rate_columns(row: Any, by: str) -> dict[str, Any]:
    missing = "too few" if row.note == TOO_FEW else "none expected"
    exits, _, one = ENDS[row.what]
    more = row.more_monthly
    return {
        PLACES[by]: row.key,
        f"{exits.capitalize()} in twelve months": row.denominator,
        "Rate now": share(row.rate) if known(row.rate) else prose.capital(row.note or ""),
        f"More {prose.noun(2, one)} a month": round(more, 1) if known(more) else missing,
        "Asked a month": round(row.needed_monthly, 1) if known(more) else missing,
        "Now a month": round(row.now_monthly, 1) if known(more) else missing,
    }


def how(whole: Any, places: Any) -> list[str]:
    """How it is worked out, with what is assumed, a sentence or two each."""
    row = whole.total
    goal = {
        GoalSource.READER: "The goal and the date are the ones chosen above.",
        GoalSource.TARGET: f"The goal is the target in force, set by {row.goal_about}.",
        GoalSource.BENCHMARK: f"No target has been set, so the benchmark stands in: {row.goal_about}.",
        GoalSource.OTHERS: "No target has been set, so the rate of residents known not to be in the group stands in.",
    }[row.goal_source]
    if row.what != SHARE:
        exits, _, one = ENDS[row.what]
        return [
            goal,
            f"The goal is for {exits} from now until the date, not for those that have been. As many are expected a month as in the mean of the "
            f"last {prose.in_words(PRESENT_MONTHS)} full months; the present rate is that of the last {RATE_MONTHS} full months.",
            f"Each region or sector is asked to reach the goal by itself; one above it is asked nothing, so the rows can add up to more than the whole. "
            f"Where fewer than {ENOUGH} {exits} were seen in twelve months, there are not enough people to say.",
            *(["A job can still be found after the exits counted last, so the present rate may yet rise."] if one == "placement" else []),
        ]  # fmt: skip
    found = [
        goal,
        f"The others go on enrolling at {a_month(row.others_monthly)} a month, the mean of the last {prose.in_words(PRESENT_MONTHS)} full months: "
        f"from {people(row.others)} now to {people(round(row.others_then))} on the date. What is asked is the least whole number that reaches the goal beside them.",
        f"{prose.capital(prose.plural(row.undisclosed, 'resident'))} did not disclose: shares are of those who answered, and not disclosed is never counted as no.",
    ]  # fmt: skip
    if places is None:
        return found
    near = "its present odds of the group"
    if places.by == "region":
        has_benchmark = any(known(row.benchmark) for row in places.rows)
        near = (
            "its own benchmark in the population" if has_benchmark else "its present residents, for no benchmark exists"
        )
    found.append(
        f"It is shared out so that every {places.by} comes to the same multiple of {near}, within its room: the most residents it enrolled "
        f"a month in its best quarter of the last {prose.in_words(CAPACITY_QUARTERS)}, less the others’ present rate. The program then had the money and the staff it had then."
    )
    if any(row.benchmark_is_statewide for row in places.rows):
        found.append("No benchmark is at hand for single regions, so the state’s stands in for each.")
    found.append(f"A resident in two {places.by}s is in both rows; the whole counts each resident once.")
    return found
