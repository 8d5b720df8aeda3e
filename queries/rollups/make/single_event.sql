-- Residents with a single event in the stream, whose counts simply add up. One row per place, answers and month or quarter ($unit).
create table single_event as
select
    initiative, region, sector, member_bits, answered_bits,
    cast(date_trunc($unit, day) as date) as month,
    count(*) as n
from stream_events
group by initiative, region, sector, member_bits, answered_bits, cast(date_trunc($unit, day) as date)
