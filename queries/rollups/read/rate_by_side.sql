-- Successes and trials of a rate, for residents in a group, known not to be in it, and who did not disclose it.
-- One row per key, group and side, as rate_by_side in queries/aggregations/. Parameter: $of_group (null = every group).
select
    key,
    moments_in_period.group_id,
    part as side,
    cast(coalesce(sum(successes), 0) as bigint) as successes,
    cast(coalesce(sum(known), 0) as bigint) as known,
    cast(coalesce(sum(hh), 0) as bigint) as hh,
    cast(coalesce(sum(hm), 0) as bigint) as hm,
    cast(coalesce(sum(mm), 0) as bigint) as mm
from moments_in_period
inner join ref_groups
    on ref_groups.group_id = moments_in_period.group_id
group by key, moments_in_period.group_id, bit, part
order by bit, side, key
