-- Residents who met more than one initiative, of residents who met any. One row per key.
select
    key,
    count(*) filter (where met > 1) as numerator,
    count(*) as denominator
from (
    select key, resident, count(distinct initiative) as met
    from keyed
    group by key, resident
) as residents
group by key
order by key
