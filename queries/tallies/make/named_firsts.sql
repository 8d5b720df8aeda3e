-- The same for everyone, by one more name. Parameters: $what, $shape, $unit, $extra, $initiative, $region, $sector.
insert into tally_firsts
select $what, $shape, $extra, 0, initiative, region, sector, name, month, before, sum(n)
from (
    select
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        name, month, cast(null as date) as before, n
    from alone_by_name
    union all
    select
        initiative, region, sector, name,
        cast(date_trunc($unit, day) as date) as month, cast(date_trunc($unit, before) as date) as before, 1 as n
    from turns
    where before is null or date_trunc($unit, before) < date_trunc($unit, day)
) as both_kinds
group by initiative, region, sector, name, month, before
order by region, initiative, sector, name, month
