-- Workers enrolled in sectoral job training programs paid from the recovery funds, at their first enrollment.
-- One row per enrollment, dated by the worker's first.
select enrollments_as_of.*, min(enrolled_on) over (partition by resident) as dated_on
from enrollments_as_of
where enrolled_on is not null
    and initiative in (select initiative from ref_initiatives where is_slfrf)
