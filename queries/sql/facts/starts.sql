-- Enrollments that began. One row per enrollment, dated by its start.
select enrollments_as_of.*, started_on as dated_on
from enrollments_as_of
where started_on is not null
