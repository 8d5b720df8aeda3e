-- Distinct residents. One row per key; a resident under two keys counts once under each. Unit: residents.
select
    key,
    count(distinct resident) as numerator
from with_dimension
group by key
order by key
