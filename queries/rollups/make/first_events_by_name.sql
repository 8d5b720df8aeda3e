-- first_events for everyone, by an extra dimension. One row per place, name, month and month before.
-- Parameters: $what, $dimension_mask (0, 1, 2 or 4), $unit, $extra, $initiative, $region, $sector.
insert into tally_firsts
select $what, $dimension_mask, $extra, 0, initiative, region, sector, name, month, before, sum(n)
from (
    select
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        name, month, cast(null as date) as before, n
    from single_event_by_name
    union all
    select
        case when $initiative then initiative end,
        case when $region then region end,
        case when $sector then sector end,
        name, cast(date_trunc($unit, day) as date),
        cast(date_trunc($unit, case $dimension_mask
            when 0 then before_0 when 1 then before_1 when 2 then before_2 when 4 then before_4
        end) as date),
        1
    from events_with_previous
) as both_kinds
where before is null or before < month
group by initiative, region, sector, name, month, before
order by region, initiative, sector, name, month
