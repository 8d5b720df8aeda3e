-- Successes and trials of a rate in every place, for the group and for residents known not to be in it.
-- One row per group, sector, region, provider and program. Unit: counted events. Parameter: $of_group (null = every group).
select
    group_id,
    coalesce(sector, 'Not recorded') as sector,
    coalesce(region, 'Not recorded') as region,
    coalesce(provider, 'Not recorded') as provider,
    coalesce(program, 'Not recorded') as program,
    count(*) filter (where is_hit and member_bits & bit > 0) as successes_in,
    count(is_hit) filter (where member_bits & bit > 0) as known_in,
    count(*) filter (where is_hit and answered_bits & ~member_bits & bit > 0) as successes_out,
    count(is_hit) filter (where answered_bits & ~member_bits & bit > 0) as known_out
from with_dimension
cross join ref_groups
where $of_group is null or group_id = $of_group
group by group_id, bit, sector, region, provider, program
order by bit, sector, region, provider, program
