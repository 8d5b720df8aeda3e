-- How often each amount occurs in each place, for all time. One row per place and amount.
-- Parameters: $what, $as_of, $initiative, $region, $sector.
select tally_values.*, $as_of as dated_on, cast(null as varchar) as name, cast(null as varchar) as group_id
from tally_values
where what = $what
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
