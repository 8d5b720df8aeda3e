-- Exits employed in the second quarter after exit, of those known. One row per exit, dated by the exit; is_hit null = not known yet.
select scoped.*, exited_on as dated_on, employed_q2 as is_hit
from scoped
where outcome in ('completed', 'withdrew')
