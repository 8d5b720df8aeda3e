-- Residents by the day of their first event in a place. Parameters: $what, $shape, $initiative, $region, $sector.
insert into tally_first_days
select $what, $shape, initiative, region, sector, day, sum(n)
from (
    select
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        day, n
    from alone_by_day
    union all
    select initiative, region, sector, day, 1 as n
    from turns
    where before is null
) as both_kinds
group by initiative, region, sector, day
order by day, initiative, region, sector
