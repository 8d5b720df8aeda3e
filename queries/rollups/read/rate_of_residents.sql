-- A share of distinct residents. One row per key. Unit: residents.
select
    key,
    cast(coalesce(sum(n) filter (where is_hit), 0) as bigint) as numerator,
    cast(sum(n) filter (where not is_hit) as bigint) as denominator
from first_in_period
group by key
order by key
