-- Registrations of residents who qualify by an unemployment claim. One row per registration, dated by the registration.
select registrations.*, registered_on as dated_on
from registrations
where eligibility = 'unemployment claimant'
