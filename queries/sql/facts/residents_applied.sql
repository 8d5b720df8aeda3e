-- Residents who applied. One row per application, dated by the application.
select scoped.*, applied_on as dated_on
from scoped
