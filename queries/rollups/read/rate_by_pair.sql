-- Successes and trials of a rate, for residents in two groups at once and for residents known not to be in both.
-- One row per key, pair of groups and side, as rate_by_pair in queries/aggregations/.
select
    key,
    moments_in_period.group_id,
    moments_in_period.other_id,
    part as side,
    cast(coalesce(sum(people), 0) as bigint) as residents,
    cast(coalesce(sum(successes), 0) as bigint) as successes,
    cast(coalesce(sum(known), 0) as bigint) as known,
    cast(coalesce(sum(hh), 0) as bigint) as hh,
    cast(coalesce(sum(hm), 0) as bigint) as hm,
    cast(coalesce(sum(mm), 0) as bigint) as mm
from moments_in_period
inner join ref_groups as first_group
    on first_group.group_id = moments_in_period.group_id
inner join ref_groups as second_group
    on second_group.group_id = moments_in_period.other_id
group by key, moments_in_period.group_id, moments_in_period.other_id, first_group.bit, second_group.bit, part
order by first_group.bit, second_group.bit, side, key
