-- Hourly wage after minus before, where both are known. One row per exit, dated by the exit. Unit: US dollars an hour.
select enrollments_as_of.*, exited_on as dated_on, wage_gain as amount, wage_gain > 0 as is_inside
from enrollments_as_of
where outcome in ('completed', 'withdrew') and wage_gain is not null
