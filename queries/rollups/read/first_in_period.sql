-- Residents, once in the period and under each key: by the event whose previous event lies before it. One row per row that counts.
select *
from within
where before is null or before < begins_on
