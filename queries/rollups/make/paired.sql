-- Two events of one resident. One row per pair, dated by quarter ($unit).
create table paired as
select
    one.member_bits, one.answered_bits, one.initiative, one.region, one.sector,
    one.initiative is not distinct from other.initiative as same_initiative,
    one.region is not distinct from other.region as same_region,
    one.sector is not distinct from other.sector as same_sector,
    cast(date_trunc($unit, one.day) as date) as month,
    cast(date_trunc($unit, other.day) as date) as later,
    cast(one.is_hit and other.is_hit as integer) as hh,
    cast(one.is_hit as integer) + cast(other.is_hit as integer) as hm
from several as one
inner join several as other
    on one.resident = other.resident
    and (one.day < other.day or (one.day = other.day and one.number < other.number))
