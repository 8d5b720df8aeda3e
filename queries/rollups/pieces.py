"""The pieces that an answer is added up from, as SQL.

Full months come from rollup_counts, the days of a month that is cut from the rows, or in a store without rows from rollup_days. A resident with two applications counts once: pairs of
applications correct what is counted row by row. Of residents with three or more, pairs take off too much, which is added again. Each
piece has the columns that identify a row of the answer, and what it adds to the sums.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from queries.aggregations.groups import MONTH
from queries.rollups.facts import OF_ROW, PLACES, values_on
from queries.rollups.question import RollupQuestion

# where the groups are two, who is known not to be in both is outside; a share is of those who answered about both
PART = "case when member_bits & bits = bits then 'in' when {outside} then 'out' else 'undisclosed' end"
OUTSIDE, ANSWERED = "answered_bits & ~member_bits & bits > 0", "answered_bits & bits = bits"
PAIRS = (
    "select one.bit | other.bit as bits from ref_groups as one inner join ref_groups as other on one.bit < other.bit"
)
Rename = Callable[[str], str]


def query_of(question: RollupQuestion, both: frozenset[str]) -> str:
    """Return the query of a question: one row for each key, place, month, group and part.

    Args:
        question: The question.
        both: The columns that rollup_pairs has of both applications.
    """
    shape = question.shape
    pieces = (
        [
            _months(question),
            *([_days(question) if question.has_rows else _held_days(question)] if question.is_cut else []),
        ]
        if question.is_rolled
        else [_rows(question)]
    )
    if shape.once or "hh" in shape.values:
        pieces.append(_pairs(question, renaming(both)))
    if shape.once or "residents" in shape.values:
        pieces.append(_more(question))
    groups, order, join = _groups(question)
    ids = [*(["key"] if question.key("") else []), *shape.places, *(["month_number"] if shape.is_monthly else [])]
    columns = [f"cast(coalesce({text}, 0) as bigint) as {name}" for name, text in shape.columns.items()]
    joined = "\nunion all by name\n".join(pieces)
    by = ", ".join(dict.fromkeys([*ids, *(name.split(" as ")[0] for name in groups), *order]))
    ending = f"\nhaving sum(n) > 0\norder by {', '.join([*order, *ids])}" if by else "\nhaving sum(n) > 0"
    grouping = f"\ngroup by {by}" if by else ""
    return f"select {', '.join([*ids, *groups, *columns])}\nfrom (\n{joined}\n){join}{grouping}{ending}"


def _groups(question: RollupQuestion) -> tuple[list[str], list[str], str]:
    """Return the columns that name the groups of a row, what they are ordered by, and the join that they need."""
    side = ["side"] if question.shape.by_part else []
    listed = ["part as side"] if side else []
    if question.shape.sides == "pairs":
        join = "\ninner join ref_groups as one on bits & one.bit > 0\ninner join ref_groups as other on bits = one.bit | other.bit"
        names = ["one.group_id", "other.group_id as other_id"]
        return [*names, *listed], ["one.bit", "other.bit", *side], f"{join} and one.bit < other.bit"
    if not question.is_by_group or question.shape.is_monthly:
        return [], [], ""
    names, order = (["group_id"], ["bit"]) if question.shape.sides else (["group_id as key"], ["group_id"])
    return [*names, *listed], [*order, *side], "\ninner join ref_groups on bit = bits"


def _group_columns(question: RollupQuestion) -> list[str]:
    return [*(["bits"] if question.is_by_group else []), *(["part"] if question.shape.sides else [])]


def _ids(question: RollupQuestion, day: str, later: str = "") -> list[str]:
    """Return what identifies a row, with `day` as the date. `later`: the day of the event with which a resident counts twice."""
    key, month = question.key(later if later and question.fact.first else day), MONTH.format(date=later or day)
    return [
        *([f"{key} as key"] if key else []),
        *(f"coalesce({place}, 'Not recorded') as {place}" for place in question.shape.places),
        *([f"{month} as month_number"] if question.shape.is_monthly else []),
    ]


def _select(
    question: RollupQuestion, columns: Sequence[str], sums: Mapping[str, str], rows: str, conditions: Sequence[str]
) -> str:
    listed = ", ".join([*columns, *(f"{sums.get(name, '0')} as {name}" for name in question.shape.values)])
    where = "\nwhere " + "\n    and ".join(conditions) if conditions else ""
    return f"select {listed}\nfrom {rows}{where}\ngroup by all"


def _grouped(
    question: RollupQuestion, ids: Sequence[str], sums: Mapping[str, str], rows: str, conditions: Sequence[str]
) -> str:
    """Return a piece that adds up rows: first by equal answers about groups, then by part of each group."""
    if not question.is_by_group:
        return _select(question, ids, sums, rows, conditions)
    patterns = _select(question, [*ids, "member_bits", "answered_bits"], sums, rows, conditions)
    groups = PAIRS if question.shape.sides == "pairs" else "select bit as bits from ref_groups"
    groups += " where bit = $of_group" if question.spec.of_group else ""
    part, only = "", "\nwhere member_bits & bits = bits"
    if question.shape.sides:
        part, only = f", {PART.format(outside=OUTSIDE if question.shape.by_part else ANSWERED)} as part", ""
    return f"select * exclude (member_bits, answered_bits){part}\nfrom (\n{patterns}\n)\ncross join ({groups}){only}"


def _months(question: RollupQuestion) -> str:
    """Return the full months."""
    conditions = ["fact = $fact", *(f"{column} = ${name}" for name, column in question.filters.items())]
    if question.is_by_group:
        conditions += [
            "bits = $of_group" if question.spec.of_group else "bits > 0",
            *([] if question.shape.sides else ["part = 'in'"]),
        ]
    else:
        conditions += ["bits = $group", "part = $part"] if question.spec.scope.group else ["bits = 0"]
    limits = {
        "from_month": "month >= $from_month",
        "to_month": "month < $to_month",
        "seen_month": "seen_month < $seen_month",
    }
    conditions += [limits[name] for name in question.months]
    is_placed = question.filters or question.shape.places or (question.key("") and not question.is_by_time)
    rows = "rollup_counts" + ("\ninner join rollup_places using (place)" if is_placed else "")
    sums = {name: f"sum({text})" for name, text in OF_ROW.items()}
    return _select(question, [*_ids(question, "month"), *_group_columns(question)], sums, rows, conditions)


def _days(question: RollupQuestion) -> str:
    """Return the days of months that are cut, and how rows of the full months have changed since these ended."""
    fact, day = question.fact, question.fact.date
    limits = {"from_month": f"{day} >= $from_month", "to_month": f"{day} < $to_month"}
    is_full = f"({' and '.join(text for name, text in limits.items() if name in question.months)})"
    values, counted = values_on(fact, "$as_of"), [f"not {is_full}"]
    if "seen_month" in question.months:
        before = values_on(fact, "$before")
        values = {name: f"{text} - case when {is_full} then {before[name]} else 0 end" for name, text in values.items()}
        counted += [f"{change} between $seen_month and $as_of" for change in fact.changes]
    conditions = [*_period(question, day), *question.conditions, f"({' or '.join(counted)})"]
    conditions += [] if question.until else [f"{day} <= $as_of"]
    conditions += [f"{day} >= $first_day"] if question.is_cut_by_as_of else []
    listed = ", ".join(
        f"{values[name]} as {name}" for name in dict.fromkeys(OF_ROW[name] for name in question.shape.values)
    )
    columns = f"{', '.join(PLACES)}, member_bits, answered_bits, {day} as day, {listed}"
    where = "\n    and ".join(conditions)
    rows = f"(\nselect {columns}\nfrom enrollments\nwhere {where}\n)"
    sums = {name: f"sum({text})" for name, text in OF_ROW.items()}
    return _grouped(question, _ids(question, "day"), sums, rows, [])


def _held_days(question: RollupQuestion) -> str:
    """Return what `_days` does, from the days that a store without rows holds."""
    limits = {"from_month": "day >= $from_month", "to_month": "day < $to_month", "seen_month": "seen_on < $seen_month"}
    is_full = " and ".join(text for name, text in limits.items() if name in question.months)
    conditions = [
        "fact = $fact",
        *_period(question, "day"),
        *question.conditions,
        "seen_on <= $as_of",
        f"not ({is_full})",
    ]
    sums = {name: f"sum({text})" for name, text in OF_ROW.items()}
    rows = "rollup_days\ninner join rollup_places using (place)"
    return _grouped(question, _ids(question, "day"), sums, rows, conditions)


def _rows(question: RollupQuestion) -> str:
    """Return every row, for places or pairs of groups that rollup_counts does not hold."""
    fact, success = question.fact, question.fact.success or "null"
    counts = {"n": "count(*)", "successes": f"count(*) filter (where {success})", "known": f"count({success})"}
    conditions = [*_counted(question), *_period(question, fact.date), *question.conditions]
    sums = {name: counts[text] for name, text in OF_ROW.items()}
    return _grouped(question, _ids(question, fact.date), sums, "enrollments", conditions)


def _pairs(question: RollupQuestion, renamed: Rename) -> str:
    """Return what two applications of one resident take off or add, where both count."""
    fact, success = question.fact, f"({question.fact.success or 'null'})"
    other_day = renamed(fact.date)
    later = f"greatest({fact.date}, {other_day})"
    conditions = [*_counted(question), *question.conditions]
    conditions += [text for text in map(renamed, conditions) if text not in conditions]
    days = [later] if fact.first else [fact.date, other_day]
    conditions += [text for day in days for text in _period(question, day)]
    if (key := question.key(fact.date)) and not (fact.first and question.is_by_time):
        conditions.append(f"{key} = {renamed(key)}")
    where = "\n    and ".join(conditions)
    rows = f"(\nselect *, {success} as is_success, {renamed(success)} as is_other\nfrom rollup_pairs\nwhere {where}\n)"
    both, known = "is_success and is_other", "is_success is not null and is_other is not null"
    crossed = f"count(*) filter (where is_success and {known}) + count(*) filter (where is_other and {known})"
    sums = {"hh": f"2 * count(*) filter (where {both})", "hm": crossed, "mm": f"2 * count(*) filter (where {known})"}
    sums["residents"] = f"-count(*) filter (where {known})"
    if question.shape.once:
        sums = {"n": "-count(*)", "successes": f"-count(*) filter (where {both})", "known": sums["residents"]}
    return _grouped(question, _ids(question, fact.date, later), sums, rows, [])


def _more(question: RollupQuestion) -> str:
    """Return what pairs take off too much of a resident with three applications or more: from the third that counts on."""
    fact, success = question.fact, f"({question.fact.success or 'null'})"
    key = question.key(fact.date)
    within = [key] if key and not (fact.first and question.is_by_time) else []
    window = f"(partition by {', '.join([*within, 'resident'])} order by {fact.date}, enrollment_id)"
    is_known = f"{success} is not null"
    counting = (
        {"n": "true", "successes": success, "known": is_known} if question.shape.once else {"residents": is_known}
    )
    counting = {name: text for name, text in counting.items() if name in question.shape.values}
    numbers = [
        f"{text} as is_{name}, count(*) filter (where {text}) over {window} as nth_{name}"
        for name, text in counting.items()
    ]
    conditions = [*_counted(question), *([] if fact.first else _period(question, fact.date)), *question.conditions]
    numbered = f"select *, {fact.date} as day, {', '.join(numbers)}\nfrom rollup_more\nwhere " + "\n    and ".join(
        conditions
    )
    sums = {name: f"sum(greatest(nth_{name} - 2, 0)) filter (where is_{name})" for name in counting}
    return _grouped(
        question, _ids(question, "day"), sums, f"(\n{numbered}\n)", _period(question, "day") if fact.first else []
    )


def _counted(question: RollupQuestion) -> list[str]:
    """Return the conditions for a row to count by the as-of date."""
    return [*filter(None, [question.fact.where]), f"{question.fact.date} <= $as_of"]


def _period(question: RollupQuestion, day: str) -> list[str]:
    return [f"{day} >= $since"] * bool(question.spec.scope.since) + [f"{day} <= $until"] * bool(question.until)


def renaming(columns: frozenset[str]) -> Rename:
    """Return a function that writes an expression for the second application of a pair. Texts, parameters and subqueries stay."""
    pattern = re.compile(r"'[^']*'|\$\w+|\(select [^()]*\)|\b(" + "|".join(sorted(columns)) + r")\b")
    return lambda text: pattern.sub(lambda match: f"other_{match[1]}" if match[1] else match[0], text)
