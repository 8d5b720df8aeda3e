-- What a rate counts, added up for each resident: hits of tries. One row per key and resident.
-- A resident's answers are the same on every row, so one row a resident will do.
select
    key,
    resident,
    any_value(member_bits) as member_bits,
    any_value(answered_bits) as answered_bits,
    count(*) filter (where is_hit) as hits,
    count(is_hit) as tries
from keyed
group by key, resident
