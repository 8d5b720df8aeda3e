-- Residents by the month of an event and of their previous event in the same place (queries/rollups/make/first_events.sql).
-- One row per place, month, month before and side. With $is_first, only events without a previous one.
-- Parameters: $what, $successes_of (a second stream, or null), $dimension_mask, $extra, $first_side, $last_side, $of_group (null = every group),
-- $initiative, $region, $sector, $is_first.
select tally_firsts.*, month as dated_on, what <> $what as is_hit, part, group_id, other_id
from tally_firsts
inner join tally_sides using (side)
where (what = $what or what = $successes_of)
    and shape = $dimension_mask
    and extra is not distinct from $extra
    and side between $first_side and $last_side
    and ($of_group is null or group_id = $of_group or side = 0)
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
    and (before is null or not $is_first)
