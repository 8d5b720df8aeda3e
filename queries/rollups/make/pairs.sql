-- Two events of the same resident in the same place, by quarter. The sums of successes², successes × trials and trials² are those of
-- the single events plus twice those of the pairs. One row per side, place and the two quarters.
-- Parameters: $what, $dimension_mask, $initiative, $region, $sector (booleans: whether events are grouped by that place), $last_side.
insert into tally_pairs
select $what, $dimension_mask, side, initiative, region, sector, month, later, sum(hh), sum(hm), sum(mm)
from (
    select
        member_bits, answered_bits,
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        month, later, sum(hh) as hh, sum(hm) as hm, count(*) as mm
    from event_pairs
    where (not $initiative or same_initiative) and (not $region or same_region) and (not $sector or same_sector)
    group by all
) as cells
inner join members using (member_bits, answered_bits)
where side between 1 and $last_side
group by side, initiative, region, sector, month, later
order by side, initiative, region, sector, month
