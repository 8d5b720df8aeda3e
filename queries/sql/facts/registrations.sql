-- Registrations for online courses. One row per registration, dated by the registration.
select registrations_as_of.*, registered_on as dated_on
from registrations_as_of
