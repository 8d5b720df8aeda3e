-- Residents' exits that led to a job. One row per exit with a job, dated by the first day of that job.
-- known_on: the day by which both the exit and the job have happened.
select enrollments_as_of.*, employed_on as dated_on, greatest(exited_on, employed_on) as known_on
from enrollments_as_of
where employed_on is not null and outcome <> 'excluded'
