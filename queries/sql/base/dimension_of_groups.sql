-- The enrollments, repeated for each group the resident belongs to, with the group as the name.
-- One row per fact row and group. Parameter: $of_group (null = every group).
select
    fact.*,
    ref_groups.group_id as name
from fact
inner join ref_groups
    on fact.member_bits & ref_groups.bit > 0
where $of_group is null or ref_groups.group_id = $of_group
