-- Online courses that earned credit. One row per completed registration with credit, dated by the completion.
select registrations_as_of.*, completed_on as dated_on
from registrations_as_of
where has_credit
