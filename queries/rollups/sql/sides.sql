-- Add the counts of one fact, sorted so that a question reads few blocks.
-- One row per group (bits; 0 = everyone), part, place, month and month from which on it counts. Parameter: $fact.
insert into store.rollup_counts
select
    $fact, bits, part, place, month, seen_month, n, successes, known
from (
    select
        bits,
        case
            when member_bits & bits = bits then 'in'
            when answered_bits & ~member_bits & bits > 0 then 'out'
            else 'undisclosed'
        end as part,
        place, month, seen_month, sum(n) as n, sum(successes) as successes, sum(known) as known
    from patterns
    cross join (select bit as bits from ref_groups union all select 0)
    group by all
)
where bits = 0 or n <> 0 or successes <> 0 or known <> 0 -- everyone's tell from which month on a later day may matter
order by bits, part, place, month, seen_month
