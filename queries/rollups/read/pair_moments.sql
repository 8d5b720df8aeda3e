-- Fact rows of two groups at once by month, and pairs of one resident's events, with what each adds to the sums of squares;
-- and the residents whose outcome is known.
-- One row per place, month (and the month of the later event, for pairs) and side.
-- Parameters: $what, $known_of (the stream of those residents), $since, $dimension_mask, $first_side, $last_side, $initiative, $region, $sector.
select
    counts.*, month as dated_on, cast(null as varchar) as name, part, group_id, other_id
from (
    select
        side, initiative, region, sector, month, cast(null as date) as later, n, known, hits as successes, hits as hh, hits as hm, known as mm, 0 as people
    from tally_sums
    where what = $what and side between $first_side and $last_side
    union all
    select side, initiative, region, sector, month, later, 0, 0, 0, 2 * hh, hm, 2 * mm, 0
    from tally_pairs
    where what = $what and shape = $dimension_mask and side between $first_side and $last_side
    union all
    select side, initiative, region, sector, month, null, 0, 0, 0, 0, 0, 0, n
    from tally_firsts
    where what = $known_of and shape = $dimension_mask and side between $first_side and $last_side
        and extra is null and (before is null or before < $since)
) as counts
inner join tally_sides using (side)
where ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
