-- Credentials earned. One row per exit with a credential, dated by the credential.
-- known_on: both the exit and it have happened by then.
select scoped.*, credential_on as dated_on, greatest(exited_on, credential_on) as known_on
from scoped
where credential_on is not null and outcome <> 'excluded'
