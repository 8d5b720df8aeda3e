-- A share of counted events, for those in a group and for those known not to be in it. One row per key and group. Parameter: $of_group (null = every group).
select
    key,
    group_id,
    count(*) filter (where is_hit and member_bits & bit > 0) as hits_in,
    count(is_hit) filter (where member_bits & bit > 0) as known_in,
    count(*) filter (where is_hit and answered_bits & ~member_bits & bit > 0) as hits_out,
    count(is_hit) filter (where answered_bits & ~member_bits & bit > 0) as known_out
from keyed
cross join ref_groups
where $of_group is null or group_id = $of_group
group by key, group_id, bit
order by bit, key
