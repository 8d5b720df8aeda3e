-- The sum of an amount. One row per key; value is the sum, rows the number of fact rows in it.
select
    key,
    cast(coalesce(sum(amount), 0) as double) as value,
    count(*) as rows
from with_dimension
group by key
order by key
