-- The applications of residents with more than one. One row per application.
create temp table repeated as
select *
from store.enrollments
where resident in (select resident from store.enrollments group by resident having count(*) > 1)
