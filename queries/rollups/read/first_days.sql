-- Residents by the day of their first event in a place. One row per place and day.
-- Parameters: $what, $dimension_mask, $initiative, $region, $sector.
select
    tally_first_days.*, day as dated_on, cast(null as date) as before, false as is_hit, cast(null as varchar) as name,
    cast(null as varchar) as group_id
from tally_first_days
where what = $what
    and shape = $dimension_mask
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
