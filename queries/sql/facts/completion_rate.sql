-- Exits that completed, of exits that completed or withdrew. One row per exit, dated by the exit.
select enrollments_as_of.*, exited_on as dated_on, outcome = 'completed' as is_hit
from enrollments_as_of
where outcome in ('completed', 'withdrew')
