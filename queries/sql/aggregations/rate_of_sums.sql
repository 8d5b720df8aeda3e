-- One sum over another. One row per key.
select
    key,
    cast(coalesce(sum(successes), 0) as bigint) as numerator,
    cast(coalesce(sum(trials), 0) as bigint) as denominator
from with_dimension
group by key
order by key
