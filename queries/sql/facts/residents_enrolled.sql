-- Residents enrolled, unduplicated when counted. One row per enrollment, dated by the enrollment.
select enrollments_as_of.*, enrolled_on as dated_on
from enrollments_as_of
where enrolled_on is not null
