-- What accepted enrollments do not say. One row. Parameters: $as_of, $initiative, $region, $sector.
select
    count(*) as enrollments,
    count(*) filter (where sector is null) as without_sector,
    count(*) filter (where town is null) as without_town,
    count(*) filter (where region is null) as without_region,
    count(*) filter (where intake is null) as without_intake,
    count(*) filter (where is_mature and employed_q2 is null) as without_employment_q2,
    count(*) filter (where is_mature) as exits,
    count(*) filter (where is_overdue) as overdue,
    count(*) filter (where is_begun) as begun
from (
    select
        *,
        -- employment in the second quarter after exit can be known once that quarter is over
        date_trunc('quarter', exited_on) + interval 9 months <= $as_of + interval 1 day and outcome <> 'excluded' as is_mature,
        started_on <= $as_of and (exited_on is null or exited_on > $as_of) as is_begun,
        started_on <= $as_of and (exited_on is null or exited_on > $as_of) and planned_end_on <= $as_of as is_overdue
    from enrollments
) as seen
where enrolled_on <= $as_of
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
