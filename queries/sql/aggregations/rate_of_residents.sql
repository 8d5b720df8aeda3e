-- A share of distinct residents. One row per key. Unit: residents.
select
    key,
    count(distinct resident) filter (where is_hit) as numerator,
    count(distinct resident) as denominator
from with_dimension
group by key
order by key
