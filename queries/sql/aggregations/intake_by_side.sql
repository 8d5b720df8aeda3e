-- Residents at their first enrollment under the filters and the key: in the group, known not to be in it, undisclosed.
-- One row per key and month of that enrollment (months counted from year 0). Unit: residents. Parameter: $of_group.
select
    key,
    month_number,
    count(*) filter (where member_bits & bit > 0) as inside,
    count(*) filter (where answered_bits & ~member_bits & bit > 0) as outside,
    count(*) filter (where ~answered_bits & bit > 0) as undisclosed
from (
    select
        key,
        resident,
        any_value(member_bits) as member_bits,
        any_value(answered_bits) as answered_bits,
        min(year(dated_on) * 12 + month(dated_on) - 1) as month_number
    from with_dimension
    group by key, resident
) as residents
cross join ref_groups
where group_id = $of_group
group by key, month_number
order by key, month_number
