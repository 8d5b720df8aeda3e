-- Enrollments that began. One row per enrollment at least 60 days old, dated by the enrollment.
select scoped.*, enrolled_on as dated_on, started_on is not null as is_hit
from scoped
where enrolled_on <= $as_of - interval 60 days
