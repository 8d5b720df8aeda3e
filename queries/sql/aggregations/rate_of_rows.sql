-- A share of counted events. One row per key. is_hit null means not known yet: left out of the rate, counted beside it.
select
    key,
    count(*) filter (where is_hit) as numerator,
    count(is_hit) as denominator,
    count(*) - count(is_hit) as unknown
from with_dimension
group by key
order by key
