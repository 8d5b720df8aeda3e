-- Fact rows by program and provider. One row per place, program, provider, month and side.
-- Parameters: $what, $by, $first_side, $last_side, $of_group (null = every group), $initiative, $region, $sector.
select
    tally_cells.* rename (hits as successes), month as dated_on, part, group_id,
    case $by when 'program' then program when 'provider' then provider end as name
from tally_cells
inner join tally_sides using (side)
where what = $what
    and side between $first_side and $last_side
    and ($of_group is null or group_id = $of_group)
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
