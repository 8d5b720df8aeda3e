-- Residents' exits that led to a job. One row per exit with a job, dated by the first day of that job.
select scoped.*, employed_on as dated_on
from scoped
where employed_on is not null and outcome <> 'excluded'
