-- A share of fact rows. One row per key. unknown: not known yet, not in the rate.
select
    key,
    cast(sum(successes) as bigint) as numerator,
    cast(sum(known) as bigint) as denominator,
    cast(sum(n) - sum(known) as bigint) as unknown
from with_dimension
group by key
order by key
