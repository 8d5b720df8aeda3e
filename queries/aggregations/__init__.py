"""How counted rows are added up: each function writes the shortest SQL for one aggregation.

All take the `Events` that the compiler made of a fact, a breakdown and the filters. Every query gives one row for each key (and group,
support or month, as its docstring says); without a breakdown there is no column `key`. The functions of `listed` give the rows themselves.
"""

from collections.abc import Callable

from queries.aggregations import groups, listed, rows, supports
from queries.aggregations.events import Events

AGGREGATIONS: dict[str, Callable[[Events], str]] = {
    function.__name__: function
    for function in (
        rows.count_rows,
        rows.count_residents,
        rows.successes_of_residents,
        rows.rate_of_rows,
        rows.rate_with_repeats,
        rows.rate_of_residents,
        rows.rate_of_known_residents,
        rows.rate_of_sums,
        rows.sum_of_rows,
        rows.sum_of_dollars,
        rows.median_of_rows,
        rows.residents_in_several,
        rows.residents_by_path,
        listed.listed_rows,
        listed.listed_amounts,
        listed.listed_residents,
        listed.placed_rows,
        listed.placed_amounts,
        groups.participation,
        groups.participation_by_pair,
        groups.rate_by_side,
        groups.rate_by_answers,
        groups.rate_by_pair,
        groups.cells_by_side,
        groups.cells_by_answers,
        groups.exits_by_side,
        groups.intake_by_side,
        supports.residents_by_support,
        supports.strata_by_support,
    )
}
