-- Counted events. One row per key. Unit: enrollments.
select
    key,
    count(*) as numerator
from keyed
group by key
order by key
