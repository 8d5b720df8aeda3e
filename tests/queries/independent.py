"""The same measures computed again, in pandas and from the raw delivery, sharing nothing with the SQL.

`facts` joins enrollments and exits; each function returns {key: (value, numerator, denominator)} for one measure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from tests.edge_cases import GROUPS

Result = dict[Any, tuple[float | None, float | None, float | None]]
SUPPORT_COLUMNS = ["child_care", "transportation", "technology"]
COLUMNS = {"intake": "referred_by", "award": "award_id"}  # of a delivery, by dimension, where the names differ


def facts(tables: dict[str, pd.DataFrame], region_of: dict[str, str]) -> pd.DataFrame:
    """One row per enrollment with its exit and the resident's own answers over all rows."""
    enrollments = tables["enrollments"].copy()
    enrollments["region"] = enrollments["town"].map(region_of).fillna(enrollments["region"])
    for group in GROUPS:
        answers = enrollments[group].astype("boolean").groupby(enrollments["participant_id"]).max()
        known = enrollments["participant_id"].map(answers.dropna().astype(bool))
        enrollments[group] = known.astype(object).where(known.notna(), None)
    merged = enrollments.merge(tables["completions"], on="enrollment_id", how="left")
    for column in merged.columns:
        if column.endswith("_on"):
            merged[column] = pd.to_datetime(merged[column])
    return merged


_views: dict[tuple[int, date], tuple[pd.DataFrame, pd.DataFrame]] = {}


def as_of_view(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The facts as they stood on a day; kept, since many measures look at one day."""
    if (id(frame), as_of) not in _views:
        _views[id(frame), as_of] = (frame, _as_of_view(frame, as_of))
    return _views[id(frame), as_of][1]


Filters = tuple[tuple[str, str], ...]
_filtered: dict[tuple[int, date, Filters, str | None, str], tuple[pd.DataFrame, pd.DataFrame]] = {}
MOST_FILTERED = 32


def filtered_view(frame: pd.DataFrame, as_of: date, filters: Filters, group: str | None, side: str) -> pd.DataFrame:
    """The facts under filters as they stood on a day; kept for a while, since many measures and breakdowns look at them."""
    key = (id(frame), as_of, filters, group, side)
    if key not in _filtered:
        if len(_filtered) >= MOST_FILTERED:
            _filtered.clear()
        _filtered[key] = (frame, _filtered_view(as_of_view(frame, as_of), filters, group, side))
    return _filtered[key][1]


def _filtered_view(view: pd.DataFrame, filters: Filters, group: str | None, side: str) -> pd.DataFrame:
    for name, value in filters:
        view = view[view[COLUMNS.get(name, name)] == value]
    if group is None:
        return view
    answers = view[group]
    return view[{"in": answers.eq(True), "out": answers.eq(False), "undisclosed": answers.isna()}[side]]


def _as_of_view(frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    now, out = pd.Timestamp(as_of), frame[frame["applied_on"] <= pd.Timestamp(as_of)].copy()
    for column in ("enrolled_on", "started_on", "planned_end_on"):
        out[column] = out[column].where(out[column] <= now)
    gone = out["exited_on"] <= now
    for column in ("outcome", "credential", "employed_q2", "employed_q4"):
        out[column] = out[column].astype(object).where(gone, None)
    out["exited_on"] = out["exited_on"].where(gone)
    raw_credential = out["credential_on"].where(gone & (out["credential_on"] <= now))
    out["days"] = (raw_credential - out["started_on"]).dt.days
    effective = out["credential_on"].fillna(out["exited_on"])
    out["credential_on"] = effective.where(out["credential"].notna() & (effective <= now))
    wage_known = gone & (out["employed_on"].fillna(out["exited_on"]) <= now)
    out["wage_after"] = out["hourly_wage_after"].where(wage_known)
    out["gain"] = (out["hourly_wage_after"] - out["hourly_wage_before"]).where(wage_known)
    out["employed_on"] = out["employed_on"].where(gone & (out["employed_on"] <= now))
    for name, quarters in (("employed_q2", 2), ("employed_q4", 4)):
        over = (out["exited_on"].dt.to_period("Q") + quarters).dt.end_time.dt.normalize()
        out[name] = out[name].where(over <= now, None)
    return out


_PERIODS: dict[str, Callable[[pd.Timestamp], str]] = {
    "month": lambda day: day.strftime("%Y-%m"),
    "quarter": lambda day: f"{day.year}-Q{day.quarter}",
    "year": lambda day: str(day.year),
    "fiscal_year": lambda day: f"FY{day.year + (day.month >= 7)}",
}


@cache
def _period(by: str, day: pd.Timestamp) -> str:
    return _PERIODS[by](day)


def keys(frame: pd.DataFrame, when: pd.Series, by: str | None) -> pd.Series:
    """The key of every row."""
    if by is None:
        return pd.Series("Total", index=frame.index)
    if by in _PERIODS:
        return when.map({day: _period(by, day) for day in when.dropna().unique()})
    column = COLUMNS.get(by, by)
    return frame[column].fillna("Not recorded").where(frame[column].notna(), "Not recorded")


# A measure hands to `cut` the facts, the day on which each row counts (none if it does not), and what to count of it.


def residents(column: str, where: Callable[[pd.DataFrame], pd.Series] | None = None):
    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        when = frame[column].where(where(frame)) if where else frame[column]
        return {key: (people, people, None) for key, people in cut(frame, when, "participant_id").nunique().items()}

    return compute


def count(column: str, where: Callable[[pd.DataFrame], pd.Series]):
    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        return {key: (n, n, None) for key, n in cut(frame, frame[column].where(where(frame)), column).size().items()}

    return compute


def rate(column: str, where: Callable[[pd.DataFrame], pd.Series], hit: Callable[[pd.DataFrame], pd.Series]):
    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        hits = hit(frame).astype(object)
        known = hits.notna()
        counted = pd.DataFrame({"known": known, "successes": hits.where(known, False).eq(True)})
        sums = cut(frame, frame[column].where(where(frame)), counted).sum()
        return {
            key: (successes / n if n else None, successes, n)
            for key, n, successes in zip(sums.index, sums["known"], sums["successes"], strict=True)
        }

    return compute


def rate_of_people(column: str, where: Callable[[pd.DataFrame], pd.Series], hit: Callable[[pd.DataFrame], pd.Series]):
    """Residents with a hit, of residents with a known result; a resident counts once."""

    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        hits = pd.DataFrame({"participant_id": frame["participant_id"], "hit": hit(frame).astype(object)})
        result: Result = {}
        for key, part in cut(frame, frame[column].where(where(frame)), hits):
            people = part.dropna(subset="hit").groupby("participant_id")["hit"].any()
            result[key] = (float(people.mean()) if len(people) else None, int(people.sum()), len(people))
        return result

    return compute


def median(column: str, amount: str, where: Callable[[pd.DataFrame], pd.Series]):
    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        amounts = cut(frame, frame[column].where(where(frame) & frame[amount].notna()), amount)
        medians = amounts.median()
        return {key: (value, None, n) for key, value, n in zip(medians.index, medians, amounts.size(), strict=True)}

    return compute


def exited(frame: pd.DataFrame) -> pd.Series:
    return frame["outcome"].isin(["completed", "withdrew"])


def first(column: str, where: Callable[[pd.DataFrame], pd.Series]):
    """Residents dated by their first event under the filters; by place, by the first there."""

    def compute(frame: pd.DataFrame, cut: Callable) -> Result:
        by_key = cut(frame, frame[column].where(where(frame)), "participant_id", is_of_first_days=True)
        return {key: (people, people, None) for key, people in by_key.nunique().items()}

    return compute


def old_enough(column: str, as_of: date):
    return lambda frame: frame[column] <= pd.Timestamp(as_of) - pd.Timedelta(days=60)


def known_after(as_of: date, offset: pd.Timedelta | pd.DateOffset, hit: Callable[[pd.DataFrame], pd.Series]):
    """The result of exits that are old enough; None for the others."""

    def result(frame: pd.DataFrame) -> pd.Series:
        is_old = frame["exited_on"] + offset <= pd.Timestamp(as_of)
        return hit(frame).astype(object).where(is_old, None)

    return result


def plain(as_of: date) -> dict[str, Callable]:
    """Measure id → its pandas computation, for the plain counts, rates and medians."""
    completed = lambda f: f["outcome"] == "completed"  # noqa: E731
    slfrf = lambda f: f["initiative"] == "CareerConneCT"  # noqa: E731
    everything = lambda f: pd.Series(True, index=f.index)  # noqa: E731
    employed = lambda f: f["employed_on"].notna()  # noqa: E731
    return {
        "residents_applied": residents("applied_on"),
        "residents_enrolled": residents("enrolled_on"),
        "residents_new": first("enrolled_on", everything),
        "enrollments": count("enrolled_on", everything),
        "intake_rate": rate("applied_on", old_enough("applied_on", as_of), lambda f: f["enrolled_on"].notna()),
        "start_rate": rate("enrolled_on", old_enough("enrolled_on", as_of), lambda f: f["started_on"].notna()),
        "in_training": count("started_on", lambda f: f["exited_on"].isna()),
        "in_training_overdue": count("started_on", lambda f: f["exited_on"].isna() & f["planned_end_on"].notna()),
        "completions": count("exited_on", completed),
        "withdrawals": count("exited_on", lambda f: f["outcome"] == "withdrew"),
        "exits_excluded": count("exited_on", lambda f: f["outcome"] == "excluded"),
        "completion_rate": rate("exited_on", exited, completed),
        "cohort_completion_rate": rate(
            "planned_end_on", lambda f: f["enrolled_on"].notna() & (f["outcome"] != "excluded"), completed
        ),
        "credentials": count("credential_on", lambda f: f["outcome"] != "excluded"),
        "credential_rate": rate(
            "exited_on",
            completed,
            known_after(as_of, pd.Timedelta(days=90), lambda f: f["credential_on"].notna()),
        ),
        "credential_attainment_rate": rate(
            "exited_on",
            exited,
            known_after(
                as_of, pd.DateOffset(years=1), lambda f: f["credential_on"] <= f["exited_on"] + pd.DateOffset(years=1)
            ),
        ),
        "placements": count("employed_on", lambda f: f["outcome"] != "excluded"),
        "placement_rate": rate("exited_on", exited, known_after(as_of, pd.Timedelta(days=180), employed)),
        "finishers_with_job": rate_of_people(
            "exited_on", completed, known_after(as_of, pd.Timedelta(days=180), employed)
        ),
        "leavers_with_job": rate_of_people("exited_on", exited, known_after(as_of, pd.Timedelta(days=180), employed)),
        "employment_rate_q2": rate("exited_on", exited, lambda f: f["employed_q2"]),
        "employment_rate_q4": rate("exited_on", exited, lambda f: f["employed_q4"]),
        "wage_gain": median("exited_on", "gain", exited),
        "wage_after_exit": median("exited_on", "wage_after", exited),
        "days_to_credential": median("credential_on", "days", lambda f: f["outcome"] != "excluded"),
        "slfrf_enrolled": first("enrolled_on", slfrf),
        "slfrf_completing": first("exited_on", lambda f: completed(f) & slfrf(f)),
    }


def by_key(*, by: str | None, since: date | None, until: date | None) -> Callable:
    """A cut of rows into groups by key: of those that count on a day inside the period.

    What is counted is all of their columns, one of them, or other columns with the same index.
    """

    def cut(rows: pd.DataFrame, when: pd.Series, counted: str | pd.DataFrame | None = None, *, is_of_first_days=False):
        column = COLUMNS.get(by, by)
        if is_of_first_days:
            place = keys(rows, when, by) if column in rows else pd.Series("", index=rows.index)
            when = when.groupby([rows["participant_id"], place]).transform("min").where(when.notna())
        inside = when.notna()
        if since:
            inside &= when >= pd.Timestamp(since)
        if until:
            inside &= when <= pd.Timestamp(until)
        of_key = rows[column].to_frame() if column in rows else pd.DataFrame(index=rows.index)
        values = rows if counted is None else rows[counted] if isinstance(counted, str) else counted
        return values[inside].groupby(keys(of_key[inside], when[inside], by))

    return cut


def measure(
    measure_id: str, frame: pd.DataFrame, *, by: str | None, as_of: date, since: date | None = None, until: date | None = None,
    group: str | None = None, side: str = "in", **filters: str | None,
) -> Result:  # fmt: skip
    """One plain measure under filters; by="group" cuts by membership."""
    if by == "group":
        result: Result = {}
        for name in [group] if group else GROUPS:
            part = measure(measure_id, frame, by=None, as_of=as_of, since=since, until=until, group=name, **filters)
            result |= {name: part["Total"]} if part else {}
        return result
    chosen = tuple((name, value) for name, value in filters.items() if value is not None)
    view = filtered_view(frame, as_of, chosen, group, side)
    return plain(as_of)[measure_id](view, by_key(by=by, since=since, until=until))
