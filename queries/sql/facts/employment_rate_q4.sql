-- Exits employed in the fourth quarter after exit, of those known. One row per exit, dated by the exit; is_hit null = not known yet.
select enrollments_as_of.*, exited_on as dated_on, employed_q4 as is_hit
from enrollments_as_of
where outcome in ('completed', 'withdrew')
