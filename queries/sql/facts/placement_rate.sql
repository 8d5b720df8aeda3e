-- Exits with a job found. One row per exit, dated by the exit.
select scoped.*, exited_on as dated_on, employed_on is not null as is_hit
from scoped
where outcome in ('completed', 'withdrew')
