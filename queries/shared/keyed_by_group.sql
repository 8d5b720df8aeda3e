-- The counted events of the period, once for each group the resident is in.
-- One row per counted event and group. Parameters: $since, $until, $of_group (null = every group).
select counted.*, ref_groups.group_id as key
from counted
inner join ref_groups on counted.member_bits & ref_groups.bit > 0
where dated_on is not null
    and ($since is null or dated_on >= $since)
    and ($until is null or dated_on <= $until)
    and ($of_group is null or ref_groups.group_id = $of_group)
