-- How many enrolled residents did not disclose each group question. One row per group. Parameters: $as_of, $initiative, $region, $sector.
select
    ref_groups.group_id,
    ref_groups.label,
    count(distinct enrollments.resident) filter (where enrollments.answered_bits & ref_groups.bit = 0) as undisclosed,
    count(distinct enrollments.resident) as residents
from ref_groups
left join enrollments
    on enrollments.enrolled_on <= $as_of
    and ($initiative is null or enrollments.initiative = $initiative)
    and ($region is null or enrollments.region = $region)
    and ($sector is null or enrollments.sector = $sector)
group by ref_groups.group_id, ref_groups.label, ref_groups.bit
order by ref_groups.bit
