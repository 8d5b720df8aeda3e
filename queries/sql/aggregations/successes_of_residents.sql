-- Distinct residents among those counted for whom it came true. One row per key with any. Unit: residents.
select
    key,
    count(distinct resident) as numerator
from with_dimension
where is_hit
group by key
order by key
