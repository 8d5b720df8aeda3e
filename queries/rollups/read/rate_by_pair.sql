-- Successes and trials of a rate, for residents in two groups at once and for residents known not to be in both.
-- One row per key and pair of groups, as rate_by_pair in queries/aggregations/.
select
    key,
    moments_in_period.group_id,
    moments_in_period.other_id,
    cast(coalesce(sum(people), 0) as bigint) as residents,
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
inner join ref_groups as first_group
    on first_group.group_id = moments_in_period.group_id
inner join ref_groups as second_group
    on second_group.group_id = moments_in_period.other_id
group by key, moments_in_period.group_id, moments_in_period.other_id, first_group.bit, second_group.bit
order by first_group.bit, second_group.bit, key
