-- The applications of residents with several, who are counted once each. One row per application, without the ids of either.
-- A number stands for a resident, in this table alone.
create table store.rollup_repeated as
select
    cast(dense_rank() over (order by resident) as integer) as resident,
    * exclude (enrollment_id, resident, stackable, hourly_wage_before, hourly_wage_after)
from store.enrollments
where resident in (select resident from store.enrollments group by resident having count(*) > 1)
order by resident, applied_on
