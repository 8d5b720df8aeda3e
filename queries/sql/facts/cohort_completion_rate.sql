-- Enrollments completed, of all whose planned end has passed; excluded exits are left out.
-- One row per enrollment, dated by the planned end.
select enrollments_as_of.*, planned_end_on as dated_on, coalesce(outcome = 'completed', false) as is_hit
from enrollments_as_of
where enrolled_on is not null
    and planned_end_on is not null
    and coalesce(outcome, 'in training') <> 'excluded'
