"""How much residents with several exits widen the interval of a rate."""

from __future__ import annotations

import math

from queries.context import QueryContext
from queries.rows_left_out import RowsNeeded
from queries.scope import Scope
from queries.statistics import Side

# Fewer second exits say too little about how alike a resident's exits are, and no number is given about so few people.
FEWEST_REPEATS = 10
_STEP = 20  # effects are rounded up to a twentieth: more decimals could tell how many residents exit twice
# Exits with a support are some of all exits.
_AMONG = {"completion_with_support": "completion_rate"}


def design_effect_of(context: QueryContext, fact: str) -> float:
    """Return how many times larger a rate's variance is than if each event were of a different resident (Rao and Scott 1992).

    It is computed from all events under the question's filters on the delivery's date, and holds for every row and date of the answer: a few events
    estimate it badly, and an effect of their own would tell protected readers how many residents they count twice.

    Args:
        context: The question.
        fact: What the rate counts (queries/facts.toml).

    Returns:
        At least 1, rounded up to a twentieth. 1 where fewer than `FEWEST_REPEATS` events are of a resident with an earlier one.
    """
    fact = _AMONG.get(fact, fact)
    scope = context.scope.but(as_of=context.delivery.delivered_on, since=None, until=None, viewer=None)
    scope = scope.but(group=None) if context.by == "group" else scope
    return context.store.get_or_compute(("design effect", fact, scope), lambda: _computed(context, fact, scope))


def _computed(context: QueryContext, fact: str, scope: Scope) -> float:
    every = QueryContext(context.measure, None, scope, context.store, context.delivery)
    try:
        rows = every.rows(by=None, fact=fact, agg="rate_with_repeats")
    except RowsNeeded:  # a store from before design effects were stored
        return 1.0
    for row in rows:
        side = Side(*(int(row[name]) for name in ("successes", "known", "hh", "hm", "mm")))
        return rounded_effect(side, repeats=int(row["known"] - row["residents_known"]))
    return 1.0


def rounded_effect(side: Side, *, repeats: int) -> float:
    """Return the design effect of all events, rounded up. repeats: how many are of a resident with an earlier one."""
    return math.ceil(round(side.effect * _STEP, 6)) / _STEP if repeats >= FEWEST_REPEATS else 1.0
