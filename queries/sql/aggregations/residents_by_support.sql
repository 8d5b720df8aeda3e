-- Counted events with and without each support, and how they are spread over residents.
-- One row per key, support and side (received). Unit: events. Events of which the support is not known are left out.
-- hh, hm and mm are sums over residents of hits², hits × tries and tries²: what it takes to allow for residents counted
-- several times (Rao and Scott 1992).
select
    key,
    support,
    received,
    cast(sum(hits) as bigint) as hits,
    cast(sum(tries) as bigint) as tries,
    cast(sum(hits * hits) as bigint) as hh,
    cast(sum(hits * tries) as bigint) as hm,
    cast(sum(tries * tries) as bigint) as mm
from (
    select
        key,
        support,
        received,
        resident,
        count(*) filter (where is_hit) as hits,
        count(*) as tries
    from by_support
    group by key, support, received, resident
) as residents
group by key, support, received
order by key, support, received
