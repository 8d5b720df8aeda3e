-- Registrations of residents who qualify by an unemployment claim. One row per registration, dated by the registration.
select registrations_as_of.*, registered_on as dated_on
from registrations_as_of
where eligibility = 'unemployment claimant'
