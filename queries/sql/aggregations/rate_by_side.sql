-- A share of counted events, for those in a group, for those known not to be in it, and for those who did not say.
-- One row per key and group. Parameter: $of_group (null = every group).
-- hh, hm and mm are sums over residents of hits², hits × tries and tries²: what it takes to allow for residents counted
-- several times (Rao and Scott 1992).
select
    key,
    group_id,
    coalesce(sum(hits) filter (where member_bits & bit > 0), 0) as hits_in,
    coalesce(sum(tries) filter (where member_bits & bit > 0), 0) as known_in,
    coalesce(sum(hits * hits) filter (where member_bits & bit > 0), 0) as hh_in,
    coalesce(sum(hits * tries) filter (where member_bits & bit > 0), 0) as hm_in,
    coalesce(sum(tries * tries) filter (where member_bits & bit > 0), 0) as mm_in,
    coalesce(sum(hits) filter (where answered_bits & ~member_bits & bit > 0), 0) as hits_out,
    coalesce(sum(tries) filter (where answered_bits & ~member_bits & bit > 0), 0) as known_out,
    coalesce(sum(hits * hits) filter (where answered_bits & ~member_bits & bit > 0), 0) as hh_out,
    coalesce(sum(hits * tries) filter (where answered_bits & ~member_bits & bit > 0), 0) as hm_out,
    coalesce(sum(tries * tries) filter (where answered_bits & ~member_bits & bit > 0), 0) as mm_out,
    coalesce(sum(hits) filter (where answered_bits & bit = 0), 0) as hits_undisclosed,
    coalesce(sum(tries) filter (where answered_bits & bit = 0), 0) as known_undisclosed
from by_resident
cross join ref_groups
where $of_group is null or group_id = $of_group
group by key, group_id, bit
order by bit, key
