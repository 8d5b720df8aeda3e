-- Exits that completed, of exits that completed or withdrew. One row per exit, dated by the exit.
select scoped.*, exited_on as dated_on, outcome = 'completed' as is_hit
from scoped
where outcome in ('completed', 'withdrew')
