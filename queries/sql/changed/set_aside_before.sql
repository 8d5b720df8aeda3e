-- The excluded rows of the earlier delivery, of the tables that the measure rests on: one row per id, because an exit is excluded with
-- its enrollment.
create or replace temp table set_aside_before as
select id, min(reasons) as reasons
from memory.excluded
where delivery = 'before' and row_id = $row_id and source in (select unnest($sources)) and id is not null
group by id
