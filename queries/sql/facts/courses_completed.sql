-- Online courses completed. One row per completed registration, dated by the completion.
select registrations.*, completed_on as dated_on, hours as amount
from registrations
where completed_on is not null
