-- The counts of one fact, sorted as queries/rollups/cells.py adds them up. Months are counted from year 0. Parameter: $fact.
-- One row per side of a group (0 to 2 for everyone, then three for each bit), place, month and month from which on it counts.
select
    cast(bits as integer) * 3 + enum_code(part) as slice, place,
    cast(month as integer) as month, cast(seen_month as integer) as seen, n, successes, known
from rollup_counts
where fact = $fact
order by slice, place
