-- Online courses completed. One row per completed registration, dated by the completion.
select registrations_as_of.*, completed_on as dated_on, hours as amount
from registrations_as_of
where completed_on is not null
