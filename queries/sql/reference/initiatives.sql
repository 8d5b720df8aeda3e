-- The initiatives. One row per initiative.
select initiative, label, is_slfrf, began_on
from ref_initiatives
