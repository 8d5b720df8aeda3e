-- Residents in contact with more than one initiative, of residents in contact with any. One row per key.
select
    key,
    count(*) filter (where met_first < met_last) as numerator,
    count(*) as denominator
from (
    select key, resident, min(initiative) as met_first, max(initiative) as met_last
    from with_dimension
    group by key, resident
) as residents
group by key
order by key
