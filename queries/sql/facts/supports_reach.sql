-- Residents enrolled, and whether a support was received. One row per enrollment, dated by the enrollment.
-- Parameter: $support (child_care, transportation, technology, any).
select
    enrollments_as_of.*,
    enrolled_on as dated_on,
    case $support
        when 'child_care' then child_care
        when 'transportation' then transportation
        when 'technology' then technology
        else coalesce(child_care, false) or coalesce(transportation, false) or coalesce(technology, false)
    end as is_hit
from enrollments_as_of
where enrolled_on is not null
