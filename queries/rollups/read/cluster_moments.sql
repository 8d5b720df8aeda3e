-- Fact rows by month, and pairs of one resident's events, with what each adds to the sums of squares.
-- One row per place, month (and the month of the later event, for pairs) and side.
-- Parameters: $what, $dimension_mask, $first_side, $last_side, $of_group (null = every group), $initiative, $region, $sector.
select
    counts.*, month as dated_on, cast(null as varchar) as name, part, group_id, other_id
from (
    select
        side, initiative, region, sector, month, cast(null as date) as later, n, known, hits as successes, hits as hh, hits as hm, known as mm
    from tally_sums
    where what = $what and side between $first_side and $last_side
    union all
    select side, initiative, region, sector, month, later, 0, 0, 0, 2 * hh, hm, 2 * mm
    from tally_pairs
    where what = $what and shape = $dimension_mask and side between $first_side and $last_side
) as counts
inner join tally_sides using (side)
where ($of_group is null or group_id = $of_group)
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
