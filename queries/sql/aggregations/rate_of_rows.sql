-- A share of fact rows. One row per key. is_hit null means not known yet: such rows are not in the rate and count as unknown.
select
    key,
    count(*) filter (where is_hit) as numerator,
    count(is_hit) as denominator,
    count(*) - count(is_hit) as unknown
from with_dimension
group by key
order by key
