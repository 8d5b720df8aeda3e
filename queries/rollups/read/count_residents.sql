-- Distinct residents. One row per key; a resident under two keys counts once under each. Unit: residents.
select
    key,
    cast(sum(n) as bigint) as numerator
from first_in_period
group by key
order by key
