-- Residents who applied. One row per application, dated by the application.
select enrollments_as_of.*, applied_on as dated_on
from enrollments_as_of
