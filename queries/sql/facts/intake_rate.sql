-- Applications that became enrollments, of those at least 60 days old. One row per application, dated by the application.
select enrollments_as_of.*, applied_on as dated_on, enrolled_on is not null as is_hit
from enrollments_as_of
where applied_on <= $as_of - interval 60 days
