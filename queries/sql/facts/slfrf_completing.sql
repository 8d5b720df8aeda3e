-- Workers completing sectoral job training programs paid from the recovery funds, at their first completion.
-- One row per completion, dated by the worker's first.
select enrollments_as_of.*, min(exited_on) over (partition by resident) as dated_on
from enrollments_as_of
where outcome = 'completed'
    and initiative in (select initiative from ref_initiatives where is_slfrf)
