-- Fact rows. One row per key. Unit: enrollments.
select
    key,
    count(*) as numerator
from with_dimension
group by key
order by key
