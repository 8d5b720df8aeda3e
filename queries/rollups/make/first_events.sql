-- Residents by the month or quarter ($unit) of an event and of their previous event in the same place. A period counts each
-- resident once: by the event whose previous event lies before the period. An event in the same month as the previous one is never
-- the first of full months, and is left out. One row per side, place, month and month before.
-- Parameters: $what, $keeps_later (false: only events without a previous one), $dimension_mask, $initiative, $region, $sector
-- (booleans: whether events are grouped by that place), $first_side, $last_side.
insert into tally_firsts
select $what, $dimension_mask, null, side, initiative, region, sector, null, month, before, sum(n)
from (
    select
        side,
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        month, cast(null as date) as before, n
    from single_event_by_side
    union all
    select side, initiative, region, sector, month, before, sum(n) as n
    from (
        select
            member_bits, answered_bits,
            case when $initiative then initiative end as initiative,
            case when $region then region end as region,
            case when $sector then sector end as sector,
            cast(date_trunc($unit, day) as date) as month,
            cast(date_trunc($unit, case $dimension_mask
                when 0 then before_0 when 1 then before_1 when 2 then before_2 when 3 then before_3
                when 4 then before_4 when 5 then before_5 when 6 then before_6 when 7 then before_7
            end) as date) as before,
            count(*) as n
        from events_with_previous
        group by all
    ) as placed
    inner join members using (member_bits, answered_bits)
    where side between $first_side and $last_side
        and (before is null or ($keeps_later and before < month))
    group by side, initiative, region, sector, month, before
) as both_kinds
group by side, initiative, region, sector, month, before
order by side, initiative, region, sector, month
