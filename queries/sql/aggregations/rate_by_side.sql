-- Successes and trials of a rate, for residents in a group, known not to be in it, and who did not disclose it.
-- One row per key and group. Parameter: $of_group (null = every group).
-- hh, hm and mm are sums over residents of successes², successes × trials and trials²: the design effect of residents who are
-- counted several times needs them (Rao and Scott 1992).
select
    key,
    group_id,
    coalesce(sum(successes) filter (where member_bits & bit > 0), 0) as successes_in,
    coalesce(sum(trials) filter (where member_bits & bit > 0), 0) as known_in,
    coalesce(sum(successes * successes) filter (where member_bits & bit > 0), 0) as hh_in,
    coalesce(sum(successes * trials) filter (where member_bits & bit > 0), 0) as hm_in,
    coalesce(sum(trials * trials) filter (where member_bits & bit > 0), 0) as mm_in,
    coalesce(sum(successes) filter (where answered_bits & ~member_bits & bit > 0), 0) as successes_out,
    coalesce(sum(trials) filter (where answered_bits & ~member_bits & bit > 0), 0) as known_out,
    coalesce(sum(successes * successes) filter (where answered_bits & ~member_bits & bit > 0), 0) as hh_out,
    coalesce(sum(successes * trials) filter (where answered_bits & ~member_bits & bit > 0), 0) as hm_out,
    coalesce(sum(trials * trials) filter (where answered_bits & ~member_bits & bit > 0), 0) as mm_out,
    coalesce(sum(successes) filter (where answered_bits & bit = 0), 0) as successes_undisclosed,
    coalesce(sum(trials) filter (where answered_bits & bit = 0), 0) as known_undisclosed
from by_resident
cross join ref_groups
where $of_group is null or group_id = $of_group
group by key, group_id, bit
order by bit, key
