-- Successes and trials of a rate, for residents in a group, known not to be in it, and who did not disclose it.
-- One row per key and group, as rate_by_side in queries/aggregations/. Parameter: $of_group (null = every group).
select
    key,
    moments_in_period.group_id,
    cast(coalesce(sum(successes) filter (where part = 'in'), 0) as bigint) as successes_in,
    cast(coalesce(sum(known) filter (where part = 'in'), 0) as bigint) as known_in,
    cast(coalesce(sum(hh) filter (where part = 'in'), 0) as bigint) as hh_in,
    cast(coalesce(sum(hm) filter (where part = 'in'), 0) as bigint) as hm_in,
    cast(coalesce(sum(mm) filter (where part = 'in'), 0) as bigint) as mm_in,
    cast(coalesce(sum(successes) filter (where part = 'out'), 0) as bigint) as successes_out,
    cast(coalesce(sum(known) filter (where part = 'out'), 0) as bigint) as known_out,
    cast(coalesce(sum(hh) filter (where part = 'out'), 0) as bigint) as hh_out,
    cast(coalesce(sum(hm) filter (where part = 'out'), 0) as bigint) as hm_out,
    cast(coalesce(sum(mm) filter (where part = 'out'), 0) as bigint) as mm_out,
    cast(coalesce(sum(successes) filter (where part = 'undisclosed'), 0) as bigint) as successes_undisclosed,
    cast(coalesce(sum(known) filter (where part = 'undisclosed'), 0) as bigint) as known_undisclosed
from moments_in_period
inner join ref_groups
    on ref_groups.group_id = moments_in_period.group_id
group by key, moments_in_period.group_id, bit
order by bit, key
