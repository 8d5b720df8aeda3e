-- Exits with a credential earned during training or within a year after exit. One row per exit, dated by the exit.
select
    enrollments_as_of.*,
    exited_on as dated_on,
    coalesce(credential_on <= exited_on + interval 1 year, false) as is_hit
from enrollments_as_of
where outcome in ('completed', 'withdrew')
