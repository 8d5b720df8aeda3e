-- Add the counts of one fact for these months. One row per place, answers about groups, day and day from which on it counts.
-- Parameters: $fact, $months (their first days), $as_of.
insert into store.rollup_days
select
    $fact, place, member_bits, answered_bits, day, seen_on,
    sum(n) as n, sum(successes) as successes, sum(known) as known
from changes
where seen_on <= $as_of
    and (list_contains($months, date_trunc('month', day)::date) or list_contains($months, date_trunc('month', seen_on)::date))
group by all
having sum(n) <> 0 or sum(successes) <> 0 or sum(known) <> 0
order by place, day, seen_on
