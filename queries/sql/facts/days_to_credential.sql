-- Days from start to credential; inside = the promised 5 to 12 weeks. One row per credential, dated by the credential.
select
    enrollments_as_of.*,
    credential_on as dated_on,
    days_to_credential as amount,
    days_to_credential between 35 and 84 as is_inside
from enrollments_as_of
where days_to_credential is not null and outcome <> 'excluded'
