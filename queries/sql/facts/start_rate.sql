-- Enrollments that began. One row per enrollment at least 60 days old, dated by the enrollment.
select enrollments_as_of.*, enrolled_on as dated_on, started_on is not null as is_hit
from enrollments_as_of
where enrolled_on <= $as_of - interval 60 days
