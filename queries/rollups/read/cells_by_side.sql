-- Successes and trials of a rate in every place, for the group and for residents known not to be in it.
-- One row per group, sector, region, provider and program. Unit: fact rows. Parameter: $of_group (null = every group).
select
    with_dimension.group_id,
    coalesce(sector, 'Not recorded') as sector,
    coalesce(region, 'Not recorded') as region,
    coalesce(provider, 'Not recorded') as provider,
    coalesce(program, 'Not recorded') as program,
    cast(coalesce(sum(successes) filter (where part = 'in'), 0) as bigint) as successes_in,
    cast(coalesce(sum(known) filter (where part = 'in'), 0) as bigint) as known_in,
    cast(coalesce(sum(successes) filter (where part = 'out'), 0) as bigint) as successes_out,
    cast(coalesce(sum(known) filter (where part = 'out'), 0) as bigint) as known_out
from with_dimension
inner join ref_groups
    on ref_groups.group_id = with_dimension.group_id
group by with_dimension.group_id, bit, sector, region, provider, program
order by bit, sector, region, provider, program
