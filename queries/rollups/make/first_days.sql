-- Residents by the day of their first event in a place. One row per place and day. Parameters: $what, $dimension_mask, $initiative,
-- $region, $sector.
insert into tally_first_days
select $what, $dimension_mask, initiative, region, sector, day, sum(n)
from (
    select
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        day, n
    from single_event_by_day
    union all
    select
        case when $initiative then initiative end,
        case when $region then region end,
        case when $sector then sector end,
        day, 1
    from events_with_previous
    where case $dimension_mask
        when 0 then before_0 when 1 then before_1 when 2 then before_2 when 3 then before_3
        when 4 then before_4 when 5 then before_5 when 6 then before_6 when 7 then before_7
    end is null
) as both_kinds
group by initiative, region, sector, day
order by day, initiative, region, sector
