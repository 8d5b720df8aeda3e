-- The counts of one fact by equal answers about groups. Parameter: $as_of.
-- One row per place, month, month from which on it counts (months counted from year 0) and answers about groups.
create or replace temp table patterns as
select
    place, month(day) - 1 + 12 * year(day) as month, month(seen_on) - 1 + 12 * year(seen_on) as seen_month, member_bits, answered_bits,
    sum(n)::integer as n, sum(successes)::integer as successes, sum(known)::integer as known
from changes
where seen_on <= $as_of
group by all
