-- Online courses that earned credit. One row per completed registration with credit, dated by the completion.
select registrations.*, completed_on as dated_on
from registrations
where has_credit
