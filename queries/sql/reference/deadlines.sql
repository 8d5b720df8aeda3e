-- The federal deadlines. One row per deadline.
select deadline, falls_on, kind, source
from ref_deadlines
order by falls_on
