-- Online courses completed, of registrations at least 90 days old. One row per registration, dated by the registration.
select registrations_as_of.*, registered_on as dated_on, completed_on is not null as is_hit
from registrations_as_of
where registered_on <= $as_of - interval 90 days
