-- Online course registrations under the filters, as of $as_of. One row per accepted registration.
-- Parameters: $as_of, $region.
select
    registration_id,
    resident,
    platform,
    course,
    subject,
    eligibility,
    town,
    region,
    cast(null as varchar) as sector,
    registered_on,
    case when completed_on <= $as_of then completed_on end as completed_on,
    case when completed_on <= $as_of then hours end as hours,
    completed_on <= $as_of and credit_earned as has_credit
from courses
where registered_on <= $as_of
    and ($region is null or region = $region)
