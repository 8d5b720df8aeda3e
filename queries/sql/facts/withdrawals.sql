-- Exits by withdrawing. One row per exit, dated by the exit.
select scoped.*, exited_on as dated_on
from scoped
where outcome = 'withdrew'
