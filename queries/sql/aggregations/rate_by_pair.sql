-- Successes and trials of a rate, for residents in two groups at once and for residents known not to be in both.
-- One row per key and pair of groups. Units: fact rows; `residents` counts each resident in both groups once.
-- hh, hm and mm as in rate_by_side.
select
    key,
    group_id,
    other_id,
    count(*) filter (where is_in and trials > 0) as residents,
    coalesce(sum(successes) filter (where is_in), 0) as successes_in,
    coalesce(sum(trials) filter (where is_in), 0) as known_in,
    coalesce(sum(successes * successes) filter (where is_in), 0) as hh_in,
    coalesce(sum(successes * trials) filter (where is_in), 0) as hm_in,
    coalesce(sum(trials * trials) filter (where is_in), 0) as mm_in,
    coalesce(sum(successes) filter (where is_out), 0) as successes_out,
    coalesce(sum(trials) filter (where is_out), 0) as known_out,
    coalesce(sum(successes * successes) filter (where is_out), 0) as hh_out,
    coalesce(sum(successes * trials) filter (where is_out), 0) as hm_out,
    coalesce(sum(trials * trials) filter (where is_out), 0) as mm_out,
    coalesce(sum(successes) filter (where not is_in and not is_out), 0) as successes_undisclosed,
    coalesce(sum(trials) filter (where not is_in and not is_out), 0) as known_undisclosed
from (
    select
        residents.key,
        residents.successes,
        residents.trials,
        first_group.group_id,
        second_group.group_id as other_id,
        first_group.bit as bit,
        second_group.bit as other_bit,
        member_bits & first_group.bit > 0 and member_bits & second_group.bit > 0 as is_in,
        -- a resident known not to be in either group is known not to be in both
        answered_bits & ~member_bits & first_group.bit > 0 or answered_bits & ~member_bits & second_group.bit > 0 as is_out
    from by_resident as residents
    cross join ref_groups as first_group
    inner join ref_groups as second_group
        on first_group.bit < second_group.bit
) as pairs
group by key, group_id, other_id, bit, other_bit
order by bit, other_bit, key
