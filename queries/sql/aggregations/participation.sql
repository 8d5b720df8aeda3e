-- Residents of each group, residents who answered, and all residents. One row per key and group. Unit: residents.
-- Parameter: $of_group (null = every group). A resident's answers are the same on every row, so any row's value will do.
select
    key,
    group_id,
    count(*) filter (where member_bits & bit > 0) as numerator,
    count(*) filter (where answered_bits & bit > 0) as denominator,
    count(*) as everyone
from (
    select key, resident, any_value(member_bits) as member_bits, any_value(answered_bits) as answered_bits
    from with_dimension
    group by key, resident
) as residents
cross join ref_groups
where $of_group is null or group_id = $of_group
group by key, group_id, bit
order by bit, key
