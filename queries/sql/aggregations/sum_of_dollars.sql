-- Dollars, and the corrections included in them. One row per key. Unit: US dollars.
select
    key,
    cast(sum(amount) as double) as value,
    cast(coalesce(sum(amount) filter (where amount < 0), 0) as double) as corrections,
    count(*) as transactions
from with_dimension
group by key
order by key
