-- Residents of each group, residents who answered, and all residents. One row per key and group. Unit: residents.
-- Parameter: $of_group (null = every group).
select
    key,
    ref_groups.group_id,
    cast(coalesce(sum(n) filter (where sums.group_id = ref_groups.group_id and part = 'in'), 0) as bigint) as numerator,
    cast(coalesce(sum(n) filter (where sums.group_id = ref_groups.group_id), 0) as bigint) as denominator,
    cast(sum(n) filter (where part = 'everyone') as bigint) as everyone
from (select key, part, group_id, sum(n) as n from first_in_period group by key, part, group_id) as sums
cross join ref_groups
where $of_group is null or ref_groups.group_id = $of_group
group by key, ref_groups.group_id, ref_groups.bit
order by ref_groups.bit, key
