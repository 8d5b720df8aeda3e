-- Completions with a credential. One row per completion, dated by the exit.
select scoped.*, exited_on as dated_on, credential_on is not null as is_hit
from scoped
where outcome = 'completed'
