-- The median amount, with its quartiles and the number it rests on. One row per key; inside = how many lie in the promised range.
-- The cast matters: a median of decimals is rounded to their two places.
select
    key,
    percentile_cont(0.5) within group (order by cast(amount as double)) as value,
    count(amount) as denominator,
    percentile_cont(0.25) within group (order by cast(amount as double)) as quartile_low,
    percentile_cont(0.75) within group (order by cast(amount as double)) as quartile_high,
    count(*) filter (where is_inside) as inside
from with_dimension
where amount is not null
group by key
order by key
