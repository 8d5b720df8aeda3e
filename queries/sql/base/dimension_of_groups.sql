-- The counted enrollments, once for each group the resident is in, under that group's name.
-- One row per counted row and group. Parameter: $of_group (null = every group).
select
    fact.*,
    ref_groups.group_id as name
from fact
inner join ref_groups
    on fact.member_bits & ref_groups.bit > 0
where $of_group is null or ref_groups.group_id = $of_group
