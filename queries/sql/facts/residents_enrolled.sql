-- Residents enrolled, unduplicated when counted. One row per enrollment, dated by the enrollment.
select scoped.*, enrolled_on as dated_on
from scoped
where enrolled_on is not null
