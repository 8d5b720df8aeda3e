-- The counts of every fact, by place, month and part of a group.
-- One row per fact, group (bits; 0 = everyone), part (in, out, undisclosed), place, month and month from which on it counts.
create table store.rollup_counts (
    fact varchar, bits smallint, part enum ('in', 'out', 'undisclosed'), place smallint, month date, seen_month date,
    n integer, successes integer, known integer
)
