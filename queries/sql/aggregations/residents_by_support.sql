-- Successes and trials with and without each support, with the sums over residents.
-- One row per key, support and side (received). Unit: events. Events without an answer about the support are left out.
-- hh, hm and mm are sums over residents of successes², successes × trials and trials²: the design effect of residents who are
-- counted several times needs them (Rao and Scott 1992).
select
    key,
    support,
    received,
    cast(sum(successes) as bigint) as successes,
    cast(sum(trials) as bigint) as trials,
    cast(sum(successes * successes) as bigint) as hh,
    cast(sum(successes * trials) as bigint) as hm,
    cast(sum(trials * trials) as bigint) as mm
from (
    select
        key,
        support,
        received,
        resident,
        count(*) filter (where is_hit) as successes,
        count(*) as trials
    from by_support
    group by key, support, received, resident
) as residents
group by key, support, received
order by key, support, received
