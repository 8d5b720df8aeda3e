-- Credentials earned. One row per exit with a credential, dated by the credential.
-- known_on: the day by which both the exit and the credential have happened.
select enrollments_as_of.*, credential_on as dated_on, greatest(exited_on, credential_on) as known_on
from enrollments_as_of
where credential_on is not null and outcome <> 'excluded'
