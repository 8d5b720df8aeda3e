-- Successes and trials of a rate, for the group and for residents known not to be in it.
-- One row per key and month of the exit (months counted from year 0). Unit: exits. Parameter: $of_group.
select
    key,
    year(dated_on) * 12 + month(dated_on) - 1 as month_number,
    count(*) filter (where is_hit and member_bits & bit > 0) as successes_in,
    count(is_hit) filter (where member_bits & bit > 0) as known_in,
    count(*) filter (where is_hit and answered_bits & ~member_bits & bit > 0) as successes_out,
    count(is_hit) filter (where answered_bits & ~member_bits & bit > 0) as known_out
from with_dimension
cross join ref_groups
where group_id = $of_group
group by key, year(dated_on) * 12 + month(dated_on) - 1
order by key, month_number
