-- The excluded rows of the present delivery. The table gets one row per row of their files, for each table that the measure rests
-- on; the view has one row per id, because an exit is excluded with its enrollment.
create or replace temp table excluded_now (id varchar, reasons varchar);

create or replace temp view set_aside_now as
select id, min(reasons) as reasons
from excluded_now
where id is not null
group by id
