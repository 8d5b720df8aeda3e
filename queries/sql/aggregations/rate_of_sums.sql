-- One sum over another. One row per key.
select
    key,
    cast(coalesce(sum(hits), 0) as bigint) as numerator,
    cast(coalesce(sum(tries), 0) as bigint) as denominator
from keyed
group by key
order by key
