-- Residents' exits that led to a job. One row per exit with a job, dated by the first day of that job.
-- known_on: both the exit and it have happened by then.
select scoped.*, employed_on as dated_on, greatest(exited_on, employed_on) as known_on
from scoped
where employed_on is not null and outcome <> 'excluded'
