-- Fact rows. One row per key. Unit: enrollments.
select
    key,
    cast(sum(n) as bigint) as numerator
from with_dimension
group by key
order by key
