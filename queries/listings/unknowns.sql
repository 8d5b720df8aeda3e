-- What accepted enrollments do not say. One row. Parameters: $as_of, $initiative, $region, $sector.
select
    count(*) as enrollments,
    count(*) filter (where sector is null) as without_sector,
    count(*) filter (where town is null) as without_town,
    count(*) filter (where region is null) as without_region,
    count(*) filter (where intake is null) as without_intake,
    count(*) filter (where exited_on <= $as_of and employed_q2 is null and outcome <> 'excluded') as without_employment_q2,
    count(*) filter (where exited_on <= $as_of and outcome <> 'excluded') as exits
from enrollments
where enrolled_on <= $as_of
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
