-- Two events of one resident in one place, by quarter ($unit): what it takes to square what a resident counts for (sums of hits², hits × tries and
-- tries² are those of the single events, and twice those of the pairs).
-- Parameters: $what, $unit, $shape, $initiative, $region, $sector, $last_side.
insert into tally_pairs
select $what, $shape, side, initiative, region, sector, month, later, sum(hh), sum(hm), sum(mm)
from (
    select
        member_bits, answered_bits,
        case when $initiative then one.initiative end as initiative,
        case when $region then one.region end as region,
        case when $sector then one.sector end as sector,
        cast(date_trunc($unit, one.day) as date) as month,
        cast(date_trunc($unit, other.day) as date) as later,
        count(*) filter (where one.is_hit and other.is_hit) as hh,
        sum(cast(one.is_hit as integer) + cast(other.is_hit as integer)) as hm,
        count(*) as mm
    from several as one
    inner join (select resident, number, initiative, region, sector, is_hit, day from several) as other
        on one.resident = other.resident
        and (one.day < other.day or (one.day = other.day and one.number < other.number))
    where (not $initiative or one.initiative is not distinct from other.initiative)
        and (not $region or one.region is not distinct from other.region)
        and (not $sector or one.sector is not distinct from other.sector)
    group by
        member_bits, answered_bits, case when $initiative then one.initiative end, case when $region then one.region end,
        case when $sector then one.sector end, month, later
) as cells
inner join members using (member_bits, answered_bits)
where side between 1 and $last_side
group by side, initiative, region, sector, month, later
order by side, initiative, region, sector, month
