-- Residents of one group, residents who answered, and all residents. One row per key and group. Unit: residents. Parameter: $of_group (null = every group).
select
    key,
    group_id,
    count(distinct resident) filter (where member_bits & bit > 0) as numerator,
    count(distinct resident) filter (where answered_bits & bit > 0) as denominator,
    count(distinct resident) as everyone
from keyed
cross join ref_groups
where $of_group is null or group_id = $of_group
group by key, group_id, bit
order by bit, key
