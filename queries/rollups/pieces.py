"""The pieces that an answer is added up from, as SQL.

Months come from the rollups, days of a month that is cut from the rows, and residents with several applications from the pairs of
their applications: a resident with two counts once. With three or more, pairs take off too much, which is added again.
Every piece has the columns that identify a row of the answer, and the changes that it makes to the sums.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from queries.aggregations.groups import MONTH
from queries.rollups.facts import PLACES, change_rows
from queries.rollups.question import RollupQuestion

PART = (
    "case when member_bits & bits = bits then 'in' when answered_bits & ~member_bits & bits > 0 then 'out' else 'undisclosed' end"
)
# what a row adds to each sum: hh, hm and mm are the sums of squares of a resident's successes and trials
OF_ROW = {"n": "n", "successes": "successes", "known": "known"}
OF_CLUSTER = {**OF_ROW, "hh": "successes", "hm": "successes", "mm": "known", "residents": "known"}
Renamed = Callable[[str], str]


def query_of(question: RollupQuestion, other_columns: frozenset[str]) -> str:
    """Return the query of a question: one row for each key, group, part, place or month.

    Args:
        question: The question.
        other_columns: The columns that rollup_pairs has of both applications.
    """
    pieces = [_months(question), *([_days(question)] if question.is_cut else [])] if question.is_rolled else [_rows(question)]
    if question.shape.unit != "rows":
        pieces += [_pairs(question, _renaming(other_columns))]
    if question.shape.unit == "residents" or question.shape.sides == "pairs":
        pieces += [_more(question)]
    names = _sums(question)
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in names)
    listed = ", ".join([*_ids(question), *(["bits"] if question.is_by_group else []), *(["part"] if question.shape.sides != "one" else []), sums])
    return f"select {listed}\nfrom (\n" + "\nunion all by name\n".join(pieces) + "\n)\ngroup by all\nhaving sum(n) > 0"


def _sums(question: RollupQuestion) -> dict[str, str]:
    return OF_CLUSTER if question.shape.unit == "clusters" else OF_ROW


def _ids(question: RollupQuestion) -> list[str]:
    """The columns that identify a row of the answer, apart from the group and its part."""
    return [*(["key"] if question.key("") else []), *question.shape.places, *(["month_number"] if question.shape.is_monthly else [])]


def _expressions(question: RollupQuestion, day: str, later: str = "") -> list[str]:
    """The same as expressions, with `day` as the date. `later`: the day on which a resident counted already counts again."""
    key = question.key(later if later and question.fact.first else day)
    month = MONTH.format(date=later or day)
    return [
        *([f"{key} as key"] if key else []),
        *(f"coalesce({place}, 'Not recorded') as {place}" for place in question.shape.places),
        *([f"{month} as month_number"] if question.shape.is_monthly else []),
    ]


def _where(conditions: list[str]) -> str:
    return "\nwhere " + "\n    and ".join(conditions) if conditions else ""


def _months(question: RollupQuestion) -> str:
    """The full months."""
    conditions = ["fact = $fact", *(f"{column} = ${name}" for name, column in question.filters.items())]
    if question.is_by_group:
        conditions += ["bits = $of_group" if question.spec.of_group else "bits > 0", *(["part = 'in'"] if question.shape.sides == "one" else [])]
    else:
        conditions += ["bits = $group", "part = $part"] if question.spec.scope.group else ["bits = 0"]
    limits = {"from_month": "month >= $from_month", "to_month": "month < $to_month", "seen_month": "seen_month < $seen_month"}
    conditions += [limits[name] for name in question.months]
    sums = [f"{text} as {name}" for name, text in _sums(question).items()]
    group = [*(["bits"] if question.is_by_group else []), *(["part"] if question.shape.sides != "one" else [])]
    listed = ", ".join([*_expressions(question, "month"), *group, *sums])
    return f"select {listed}\nfrom rollup_counts\ninner join rollup_places using (place){_where(conditions)}"


def _days(question: RollupQuestion) -> str:
    """The days of months that are cut."""
    months = {"from_month": "day >= $from_month", "to_month": "day < $to_month", "seen_month": "seen_on < $seen_month"}
    full = " and ".join(months[name] for name in question.months)
    conditions = [*_period(question, "day"), "seen_on <= $as_of", f"not ({full})", *question.conditions]
    events = change_rows(question.fact, f"{', '.join(PLACES)}, member_bits, answered_bits", "enrollments")
    sums = [f"sum({text}) as {name}" for name, text in _sums(question).items()]
    return _grouped(question, _expressions(question, "day"), sums, f"(\n{events}\n){_where(conditions)}")


def _rows(question: RollupQuestion) -> str:
    """Every row, for places or pairs of groups that the rollups do not hold."""
    fact, success = question.fact, question.fact.success or "null"
    counts = {"n": "count(*)", "successes": f"count(*) filter (where {success})", "known": f"count({success})"}
    sums = [f"{counts[text]} as {name}" for name, text in _sums(question).items()]
    conditions = [*_counted(question), *_period(question, fact.date), *question.conditions]
    return _grouped(question, _expressions(question, fact.date), sums, f"enrollments{_where(conditions)}")


def _pairs(question: RollupQuestion, renamed: Renamed) -> str:
    """What two applications of one resident take off or add, where both count."""
    fact, success = question.fact, question.fact.success or "null"
    other, other_success = renamed(fact.date), renamed(success)
    later = f"greatest({fact.date}, {other})"
    places = [condition for condition in question.conditions if "_bits" not in condition]
    conditions = [*_counted(question), *map(renamed, _counted(question)), *question.conditions, *map(renamed, places)]
    if fact.first:
        conditions += _period(question, later)
    else:
        conditions += [*_period(question, fact.date), *_period(question, other)]
    if (key := question.key(fact.date)) and not (fact.first and question.is_by_time):
        conditions.append(f"{key} = {renamed(key)}")
    if question.shape.unit == "residents":
        sums = ["-count(*) as n", f"-count(*) filter (where {success} and {other_success}) as successes", "0 as known"]
    else:
        both, known = f"{success} and {other_success}", f"({success}) is not null and ({other_success}) is not null"
        sums = [
            "0 as n", "0 as successes", "0 as known",
            f"2 * count(*) filter (where {both}) as hh",
            f"count(*) filter (where {success} and ({other_success}) is not null)"
            f" + count(*) filter (where {other_success} and ({success}) is not null) as hm",
            f"2 * count(*) filter (where {known}) as mm",
            f"-count(*) filter (where {known}) as residents",
        ]  # fmt: skip
    return _grouped(question, _expressions(question, fact.date, later), sums, f"rollup_pairs{_where(conditions)}")


def _more(question: RollupQuestion) -> str:
    """What pairs take off too much of residents with three applications or more: from the third that counts on."""
    fact, success = question.fact, question.fact.success or "null"
    inside, outside = ([], _period(question, "day")) if fact.first else (_period(question, fact.date), [])
    key = question.key(fact.date)
    by = [key] if key and not (fact.first and question.is_by_time) else []
    window = f"(partition by {', '.join([*by, 'resident'])} order by {fact.date}, enrollment_id)"
    numbered = (
        f"select *, {fact.date} as day, {success} as success, row_number() over {window} as nth,"
        f" count(*) filter (where {success}) over {window} as success_at, count({success}) over {window} as known_at"
        f"\nfrom rollup_more{_where([*_counted(question), *inside, *question.conditions])}"
    )
    extra = {"n": "greatest(nth - 2, 0)", "successes": "case when success then greatest(success_at - 2, 0) end"}
    if question.shape.unit == "clusters":
        extra = {"residents": "case when success is not null then greatest(known_at - 2, 0) end"}
    sums = [f"sum({extra[name]}) as {name}" if name in extra else f"0 as {name}" for name in _sums(question)]
    return _grouped(question, _expressions(question, "day"), sums, f"(\n{numbered}\n){_where(outside)}")


def _counted(question: RollupQuestion) -> list[str]:
    """The conditions for a row to count by the as-of date."""
    return [*filter(None, [question.fact.where]), f"{question.fact.date} <= $as_of"]


def _period(question: RollupQuestion, day: str) -> list[str]:
    return [f"{day} >= $since"] * bool(question.spec.scope.since) + [f"{day} <= $until"] * bool(question.until)


def _grouped(question: RollupQuestion, ids: list[str], sums: list[str], rows: str) -> str:
    """Return a piece that adds up rows: first by equal answers about groups, then by part of each group."""
    if not question.is_by_group:
        return f"select {', '.join([*ids, *sums])}\nfrom {rows}\ngroup by all"
    patterns = f"select {', '.join([*ids, 'member_bits', 'answered_bits', *sums])}\nfrom {rows}\ngroup by all"
    groups = "select bit as bits from ref_groups" + (" where bit = $of_group" if question.spec.of_group else "")
    if question.shape.sides == "pairs":
        groups = "select one.bit | other.bit as bits from ref_groups as one inner join ref_groups as other on one.bit < other.bit"
    part, only = (f", {PART} as part", "") if question.shape.sides != "one" else ("", "\nwhere member_bits & bits = bits")
    return f"select * exclude (member_bits, answered_bits){part}\nfrom (\n{patterns}\n)\ncross join ({groups}){only}"


def _renaming(columns: frozenset[str]) -> Renamed:
    """Return a function that writes an expression for the second application of a pair. Texts and subqueries stay."""
    pattern = re.compile(r"'[^']*'|\$\w+|\(select [^()]*\)|\b(" + "|".join(sorted(columns)) + r")\b")
    return lambda text: pattern.sub(lambda match: f"other_{match[1]}" if match[1] else match[0], text)
