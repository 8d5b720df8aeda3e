-- Distinct residents with a success. One row per key that has any. Unit: residents.
select
    key,
    count(distinct resident) as numerator
from with_dimension
where is_hit
group by key
order by key
