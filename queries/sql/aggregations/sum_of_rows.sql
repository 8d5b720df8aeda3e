-- The sum of an amount. One row per key; numerator and value are the sum, rows how many it was added up from.
select
    key,
    cast(coalesce(sum(amount), 0) as double) as value,
    count(*) as rows
from with_dimension
group by key
order by key
