"""What publishing prints about protected readers: the share of cells that they see, and measures of which they see only totals."""

from __future__ import annotations

from pathlib import Path

from data.duckdb_sql import fetch_row, open_read_only, run

_SHARES = """
select region, sum(shown) / sum(cells) as every_measure,
    1 - sum(allowed) / sum(cells) as by_rule, sum(shown) / sum(allowed) as others,
    sum(shown) filter (where stem = 'residents_enrolled') / sum(cells) filter (where stem = 'residents_enrolled') as enrolled,
    sum(shown) filter (where stem = 'completions') / sum(cells) filter (where stem = 'completions') as completions
from release_shares
group by region
order by region
"""
_TOTALS_ONLY = "select label, recovered + narrowed > 0 as is_exposed from releases where not is_released order by label"
_HAS_COMPLETIONS = "select count(*) from releases where stem = 'completions'"


def release_sentences(database: Path) -> list[str]:
    """Return a sentence for each protected view of a published delivery; none if it was published without them."""
    with open_read_only(database) as connection:
        tables = run(connection, "select 1 from duckdb_tables() where table_name = 'releases'").fetchall()
        if not tables:
            return []
        shares = run(connection, _SHARES).fetchall()
        totals_only = run(connection, _TOTALS_ONLY).fetchall()
        (has_completions,) = fetch_row(connection, _HAS_COMPLETIONS)
    lines = [
        f"{f'A board director of {region}' if region else 'The Governor’s office'} sees {every:.0%} of the cells by the filters"
        f" of every page: {_percent(enrolled)} of residents enrolled"
        f"{f', {_percent(completions)} of completions' if has_completions else ''}."
        f" The rule for small numbers alone hides {_percent(by_rule)}; {_percent(others)} of the rest are shown."
        for region, every, by_rule, others, enrolled, completions in shares
    ]
    small = [label for label, is_exposed in totals_only if not is_exposed]
    exposed = [label for label, is_exposed in totals_only if is_exposed]
    lines += [f"Too few people for more than a statewide total: {', '.join(small)}."] if small else []
    return lines + (
        [f"Small counts could be computed, so only statewide totals are shown: {', '.join(exposed)}."]
        if exposed
        else []
    )


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"
