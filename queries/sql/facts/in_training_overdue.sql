-- Enrollments begun and not exited though their planned end has passed. One row per enrollment, dated by its start.
select enrollments_as_of.*, started_on as dated_on
from enrollments_as_of
where started_on is not null and exited_on is null and planned_end_on is not null
