-- Completions with a credential. One row per completion, dated by the exit.
select enrollments_as_of.*, exited_on as dated_on, credential_on is not null as is_hit
from enrollments_as_of
where outcome = 'completed'
