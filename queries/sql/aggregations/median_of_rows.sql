-- The median amount, its quartiles and the number of rows. One row per key; inside = rows within the promised range.
-- Without the cast, a median of decimals would be rounded to two decimal places.
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
