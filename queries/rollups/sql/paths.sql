-- Residents by the initiatives they took part in, in order, counted in the state (no region) and in each region.
-- One row per region, path and day: how many more have this path from that day on. Who goes on to another initiative leaves a path.
with met as (
    select
        case when is_statewide then null else region end as region,
        is_statewide,
        resident,
        initiative,
        in_several,
        min(met_on) as met_on
    from meetings
    cross join (select unnest([true, false]) as is_statewide)
    where met_on is not null and (is_statewide or region is not null)
    group by all
),
steps as (
    select region, met_on, initiative as path, null as before
    from met
    where not in_several
    union all
    select region, met_on, path, lag(path) over residents as before
    from (
        select *, string_agg(initiative, ' → ') over (residents rows unbounded preceding) as path
        from met
        where in_several
        window residents as (partition by is_statewide, region, resident order by met_on, initiative)
    )
    window residents as (partition by is_statewide, region, resident order by met_on, initiative)
),
changes as (
    select region, met_on, path, 1 as change from steps
    union all
    select region, met_on, before, -1 from steps where before is not null
)
select region, met_on, path, cast(sum(change) as integer) as residents
from changes
group by all
having sum(change) <> 0
order by region, met_on, path
