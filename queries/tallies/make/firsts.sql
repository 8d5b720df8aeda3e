-- Residents by the month or quarter ($unit) of an event and of the one before it in the same place, so that a period counts each once: by the events
-- whose predecessor lies before it. An event in the same one as its predecessor is never the first of whole ones, and is left out.
-- Parameters: $what, $keeps_later (false: only events without a predecessor), $shape, $initiative, $region, $sector, $first_side, $last_side.
insert into tally_firsts
select $what, $shape, null, side, initiative, region, sector, null, month, before, sum(n)
from (
    select
        side,
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        month, cast(null as date) as before, n
    from alone_by_side
    union all
    select
        side, initiative, region, sector,
        cast(date_trunc($unit, day) as date) as month, cast(date_trunc($unit, before) as date) as before, 1 as n
    from turns
    inner join members using (member_bits, answered_bits)
    where side between $first_side and $last_side
        and (before is null or ($keeps_later and date_trunc($unit, before) < date_trunc($unit, day)))
) as both_kinds
group by side, initiative, region, sector, month, before
order by side, initiative, region, sector, month
