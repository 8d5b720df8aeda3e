-- Fact rows by month. One row per place, month and side.
-- Parameters: $what, $first_side, $last_side, $of_group (null = every group), $initiative, $region, $sector.
select tally_sums.* rename (hits as successes), month as dated_on, cast(null as varchar) as name, part, group_id, other_id
from tally_sums
inner join tally_sides using (side)
where what = $what
    and side between $first_side and $last_side
    and ($of_group is null or group_id = $of_group)
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
