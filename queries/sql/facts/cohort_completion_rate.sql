-- Enrollments completed, of all whose planned end has passed; excluded exits are left out.
-- One row per enrollment, dated by the planned end.
select scoped.*, planned_end_on as dated_on, coalesce(outcome = 'completed', false) as is_hit
from scoped
where enrolled_on is not null
    and planned_end_on is not null
    and coalesce(outcome, 'in training') <> 'excluded'
