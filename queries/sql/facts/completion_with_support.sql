-- Exits that completed, among enrollments with ($received true) or without ($received false) a support.
-- One row per exit, dated by the exit. Parameters: $support (child_care, transportation, technology, any), $received.
select enrollments_as_of.*, exited_on as dated_on, outcome = 'completed' as is_hit
from enrollments_as_of
where outcome in ('completed', 'withdrew')
    and $received = coalesce(case $support
        when 'child_care' then child_care
        when 'transportation' then transportation
        when 'technology' then technology
        else coalesce(child_care, false) or coalesce(transportation, false) or coalesce(technology, false)
    end, false)
