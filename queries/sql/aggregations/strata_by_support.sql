-- Successes and trials with and without each support, among residents with the same recorded characteristics.
-- One row per key, support and stratum (initiative, sector, region, answers about groups) with both sides, and
-- one row per side for all strata with only that side. Unit: events. Events without an answer about the support are left out.
select
    key,
    support,
    cast(sum(successes_with) as bigint) as successes_with,
    cast(sum(known_with) as bigint) as known_with,
    cast(sum(successes_without) as bigint) as successes_without,
    cast(sum(known_without) as bigint) as known_without
from (
    select
        key,
        support,
        row_number() over (order by initiative, sector, region, member_bits, answered_bits) as stratum,
        count(*) filter (where received and is_hit) as successes_with,
        count(*) filter (where received) as known_with,
        count(*) filter (where not received and is_hit) as successes_without,
        count(*) filter (where not received) as known_without
    from by_support
    group by key, support, initiative, sector, region, member_bits, answered_bits
) as strata
group by key, support, known_with > 0, known_without > 0, case when known_with > 0 and known_without > 0 then stratum end
order by key, support, min(stratum)
