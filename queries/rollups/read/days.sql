-- Fact rows of everyone by day. One row per place and day. Parameters: $what, $initiative, $region, $sector.
select tally_days.* rename (hits as successes), day as dated_on, cast(null as varchar) as name, cast(null as varchar) as group_id
from tally_days
where what = $what
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
