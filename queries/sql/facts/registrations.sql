-- Registrations for online courses. One row per registration, dated by the registration.
select registrations.*, registered_on as dated_on
from registrations
