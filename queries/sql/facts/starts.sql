-- Enrollments that began. One row per enrollment, dated by its start.
select scoped.*, started_on as dated_on
from scoped
where started_on is not null
