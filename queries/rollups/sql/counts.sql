-- The counts of every fact, by place, month and part of a group.
-- One row per fact, group (bits; 0 = everyone), part (in, out, undisclosed), place, month and month from which on it counts.
-- Months are counted from year 0, which takes half the space of dates.
create table store.rollup_counts (
    fact varchar, bits smallint, part enum ('in', 'out', 'undisclosed'), place smallint, month smallint, seen_month smallint,
    n integer, successes integer, known integer
)
