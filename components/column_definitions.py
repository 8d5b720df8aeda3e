"""What each column of a downloaded table holds, for the description of the file. No Streamlit here.

A column that holds a measure has the measure's own definition. A derived column, such as the dollars left, has its own words.
"""

from __future__ import annotations

from queries import Measure, measures

# Tables whose numeric columns are the lines, the years or the groups of one measure; True where they add up over time.
SERIES = {
    "year-over-year": False, "enrollment-trend": True, "gap-by-step": False, "outcome_over_time": False,
    "participation_over_time": False,
}  # fmt: skip
COUNTED, OUT_OF = ("Counted",), ("Out of", "Rests on")  # the numerator and the denominator of the table's measure
_OF_TABLES = {  # by table and heading
    ("platforms", "Completion rate"): "course_completion_rate",
    ("platforms", "Completed"): "courses_completed",
    ("platforms", "Registrations"): "registrations",
    ("platforms", "Learners"): "learners",
    ("map", "Population"): "enrolled_per_10000:denominator",
}
_MEASURES = {  # headings that are not the label of the measure
    "Allocated": "allocated", "Obligated": "obligated", "Spent": "expended", "Applications": "applications",
    "Openings": "openings", "Received a support": "supports_reach", "Any support": "supports_reach",
    "Median days to credential": "days_to_credential", "Median wage gain": "wage_gain", "Median days to fill": "days_to_fill",
    "Per 10,000 residents": "enrolled_per_10000", "Claimants": "claimants_learning", "Filled": "positions_filled",
    "Filled by program participants": "positions_filled_by_participants", "Learners who went on, by sector": "learners_gone_on",
    "Share of enrolled": "pair_participation",
}  # fmt: skip
_ADDED_UP = {"Allocated so far": "allocated", "Obligated so far": "obligated", "Spent so far": "expended"}
_WORDS = {
    "95% from": "Low end of the 95% interval of the row’s number.",
    "95% to": "High end of the 95% interval of the row’s number.",
    "95% interval from": "Low end of the 95% interval of the rate.",
    "95% interval to": "High end of the 95% interval of the rate.",
    "95% limits from": "Low end of the range in which chance leaves 95% of rates, around the expected rate.",
    "95% limits to": "High end of the range in which chance leaves 95% of rates, around the expected rate.",
    "99.8% limits from": "Low end of the range in which chance leaves 99.8% of rates, around the expected rate.",
    "99.8% limits to": "High end of the range in which chance leaves 99.8% of rates, around the expected rate.",
    "Accounts": "Accounts that did anything on the day.",
    "Denied": "Requests on the day that were denied.",
    "Downloaded": "Files downloaded on the day.",
    "Opened a page": "Pages opened on the day.",
    "Queried by machine": "Questions of assistants on the day.",
    "Sent by e-mail": "Documents sent by e-mail on the day.",
    "Signed in": "Sign-ins on the day.",
    "Signed out": "Sign-outs on the day.",
    "Unusual questions": "Times on the day that an account asked more than usual.",
    "Most residents enrolled per month": "The most residents enrolled per month there: in its best recent quarter, or now where that is more.",
    "Room for the group per month": "The most residents enrolled per month there, less everyone else who enrolls now.",
    "To enroll by the date": "How many of the group would have to enroll there by the goal’s date.",
    "Dollars spent on all residents": "Dollars spent, on residents of the chosen group and all others.",
    "Accepted": "Rows of the table that were read and count.",
    "Additional people if rates were equal": "How many more people would pass the step if the group had the others’ rate.",
    "Adds to the gap": "What the program in the region adds to the gap between the group and others.",
    "Answered both questions": "Residents enrolled who answered about both groups.",
    "Applied, in both": "Residents who applied and are in both groups.",
    "Child care": "Share of residents enrolled who received child care.",
    "Completed, in both": "Residents who completed a program and are in both groups.",
    "Completing in the quarter": "Workers who completed a sectoral training program in the quarter, each counted once.",
    "Completing so far": "Workers who completed a sectoral training program by the end of the quarter, each counted once.",
    "Corrections": "Negative entries among the dollars spent, which “Spent” includes.",
    "Counted in the group": "People of the group who passed the step.",
    "Did not disclose": "Residents enrolled who did not say whether they are in the group.",
    "Difference": "The rate with the support minus that of similar residents without it.",
    "Dollars left": "Dollars of the award that were not yet spent on the first day of the month.",
    "Enrolled in the quarter": "Workers who enrolled in a sectoral training program in the quarter, each counted once.",
    "Enrolled so far": "Workers who enrolled in a sectoral training program by the end of the quarter, each counted once.",
    "Enrolled, in both": "Residents enrolled who are in both groups.",
    "Exact duplicates": "Rows that repeat another in every column, and count once.",
    "Excluded": "Rows of the table that broke a rule and do not count.",
    "Exits": "Exits that the rate in the row is out of.",
    "Exits compared, with it": "Exits of residents with the support that have similar residents without it.",
    "Exits compared, without it": "Exits of residents without the support that have similar residents with it.",
    "Exits left out, with it": "Exits of residents with the support that nobody without it is similar to.",
    "Expected": "The rate expected for residents like those whom the provider or program serves.",
    "From results there": "What a lower or higher rate of the group within the program and region adds to the gap.",
    "From who enrolls there": "What the group’s larger or smaller part in the program and region adds to the gap.",
    "Gap": "The group’s rate minus the others’ rate.",
    "Group’s exits": "Exits of residents in the group that the rate is out of.",
    "Group’s rate": "The rate of residents in the group.",
    "Highest other rate": "The highest rate among the groups that this one is compared with.",
    "In both, with an exit": "Residents in both groups who finished or left.",
    "Needed per month": "How many would have to enroll, or pass the step, each month to reach the goal by its date.",
    "Now per month": "How many enroll, or pass the step, a month now.",
    "Of": "Enrollments or exits, as the row says, that could have the value.",
    "Others": "The same number for residents outside the group.",
    "Others’ exits": "Exits of residents outside the group that the rate is out of.",
    "Others’ rate": "The rate of residents outside the group.",
    "Rate": "Exits with the outcome as a share of exits whose outcome is known.",
    "Rate in both": "The rate of residents in both groups.",
    "Rate with it": "The rate of exits of residents with the support.",
    "Rate with it, unadjusted": "The rate of all exits of residents with the support, similar to others or not.",
    "Rate without it, similar residents": "The rate of exits of similar residents without the support.",
    "Rate without it, unadjusted": "The rate of all exits of residents without the support, similar or not.",
    "Residents": "Residents enrolled who are in the group.",
    "Rows": "Rows excluded for the reason.",
    "Rows read": "Rows of the table in the delivery.",
    "Share": "The row’s first count as a share of its second, or the share that the row names.",
    "Share of the first step": "How many passed the step, as a share of the first step’s number.",
    "Share of the step before": "How many passed the step, as a share of the step before.",
    "Skipped": "Rows of the table that were not read.",
    "Technology": "Share of residents enrolled who received technology help.",
    "Transportation": "Share of residents enrolled who received help with transportation.",
    "Unadjusted difference": "The rate with the support minus that of all without it, similar or not.",
    "With the outcome": "Exits that had the outcome.",
    "Without": "Enrollments or exits, as the row says, that lack the value.",
}
_STARTS = {  # headings that name a time
    "Completed in ": "completions",
}


def definition_of(heading: str, table: str, measure: Measure | None, *, has_row_units: bool = False) -> str:
    """Return what a numeric column holds; "" where nothing defines it.

    Args:
        heading: The column's heading.
        table: The name of the table.
        measure: The measure that the table's numbers rest on.
        has_row_units: Whether every row is another measure.
    """
    if has_row_units:
        return "The value of the measure that the row names, in the row’s unit, for the place or time that the heading names."
    if entry := _OF_TABLES.get((table, heading)):
        measure_id, _, part = entry.partition(":")
        return f"Counts {measures()[measure_id].denominator}." if part else _defined(measures()[measure_id])
    if measure is not None and heading in (*COUNTED, *OUT_OF):
        text = measure.numerator if heading in COUNTED else measure.denominator
        return f"{text}." if text else ""
    if entry := _ADDED_UP.get(heading):
        return f"Added up to the end of the row’s period. {_defined(measures()[entry])}"
    if measure is not None and table in SERIES:
        added = "Added up to the end of the row’s period. " if SERIES[table] else ""
        return f"{added}{_defined(measure)}"
    return _of_a_measure(heading) or _WORDS.get(heading, "")


def _of_a_measure(heading: str) -> str:
    measure_id = _MEASURES.get(heading) or next(
        (each for start, each in _STARTS.items() if heading.startswith(start)), ""
    )
    if measure_id:
        return _defined(measures()[measure_id])
    return next((_defined(entry) for entry in measures().values() if entry.label == heading), "")


def _defined(entry: Measure) -> str:
    return f"{entry.label}: {entry.definition}"
