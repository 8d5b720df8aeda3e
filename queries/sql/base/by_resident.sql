-- Successes and trials of a rate, added up for each resident. One row per key and resident.
-- A resident's answers about groups are the same on every row, so any row's value will do.
select
    key,
    resident,
    any_value(member_bits) as member_bits,
    any_value(answered_bits) as answered_bits,
    count(*) filter (where is_hit) as successes,
    count(is_hit) as trials
from with_dimension
group by key, resident
