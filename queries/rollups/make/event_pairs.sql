-- Two events of the same resident. One row per pair, dated by quarter ($unit).
create table event_pairs as
select
    event.member_bits, event.answered_bits, event.initiative, event.region, event.sector,
    event.initiative is not distinct from next_event.initiative as same_initiative,
    event.region is not distinct from next_event.region as same_region,
    event.sector is not distinct from next_event.sector as same_sector,
    cast(date_trunc($unit, event.day) as date) as month,
    cast(date_trunc($unit, next_event.day) as date) as later,
    cast(event.is_hit and next_event.is_hit as integer) as hh,
    cast(event.is_hit as integer) + cast(next_event.is_hit as integer) as hm
from multi_event as event
inner join multi_event as next_event
    on event.resident = next_event.resident
    and (event.day < next_event.day or (event.day = next_event.day and event.number < next_event.number))
