-- The counts of every fact by day, for the months that a store without residents' rows holds by day (queries/rollups/question.py).
-- One row per fact, place, answers about groups, day and day from which on it counts.
create table store.rollup_days (
    fact varchar, place smallint, member_bits integer, answered_bits integer, day date, seen_on date,
    n integer, successes integer, known integer
)
