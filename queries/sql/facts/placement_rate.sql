-- Exits, and whether a job was found. One row per exit, dated by the exit.
select enrollments_as_of.*, exited_on as dated_on, employed_on is not null as is_hit
from enrollments_as_of
where outcome in ('completed', 'withdrew')
