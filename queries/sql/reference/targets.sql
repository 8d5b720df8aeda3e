-- The targets and their history. One row per target as set on a day.
select measure, initiative, region, sector, group_id, set_on, starts_on, due_on, value, set_by, reason, source
from ref_targets
order by measure, initiative, region, sector, group_id, set_on
