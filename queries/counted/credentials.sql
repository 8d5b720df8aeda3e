-- Credentials earned. One row per exit with a credential, dated by the credential.
select scoped.*, credential_on as dated_on
from scoped
where credential_on is not null and outcome <> 'excluded'
