-- Enrollments under the filters, as of $as_of: the base of every measure of people.
-- One row per accepted enrollment. An event after $as_of has not happened yet, so it is null.
-- Parameters: $as_of, $initiative, $region, $sector, $group, $group_side ('in', 'out', 'undisclosed'; null = everyone).
select
    enrollment_id,
    resident,
    initiative,
    program,
    provider,
    sector,
    town,
    region,
    intake,
    applied_on,
    case when enrolled_on <= $as_of then enrolled_on end as enrolled_on,
    case when started_on <= $as_of then started_on end as started_on,
    case when planned_end_on <= $as_of then planned_end_on end as planned_end_on,
    child_care,
    transportation,
    technology,
    member_bits,
    answered_bits,
    case when exited_on <= $as_of then exited_on end as exited_on,
    case when exited_on <= $as_of then outcome end as outcome,
    -- a credential without a date counts from the exit
    case when exited_on <= $as_of and credential is not null and coalesce(credential_on, exited_on) <= $as_of
        then coalesce(credential_on, exited_on) end as credential_on,
    case when exited_on <= $as_of and credential_on <= $as_of and started_on <= $as_of
        then credential_on - started_on end as days_to_credential,
    case when exited_on <= $as_of and employed_on <= $as_of then employed_on end as employed_on,
    -- employment in the 2nd (4th) quarter after exit is known once that quarter is over
    case when date_trunc('quarter', exited_on) + interval 9 months <= $as_of + interval 1 day
        then employed_q2 end as employed_q2,
    case when date_trunc('quarter', exited_on) + interval 15 months <= $as_of + interval 1 day
        then employed_q4 end as employed_q4,
    case when exited_on <= $as_of and coalesce(employed_on, exited_on) <= $as_of
        then hourly_wage_after - hourly_wage_before end as wage_gain
from enrollments
where applied_on <= $as_of
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
    and (
        $group is null
        or case $group_side
            when 'out' then answered_bits & ~member_bits
            when 'undisclosed' then ~answered_bits
            else member_bits
        end & (select bit from ref_groups where group_id = $group) > 0
    )
