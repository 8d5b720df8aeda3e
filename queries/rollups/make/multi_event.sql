-- The events of residents who may have several in the stream, numbered. One row per event.
create table multi_event as
select
    row_number() over () as number,
    resident, initiative, region, sector, program, provider, town, intake, member_bits, answered_bits, is_hit, day
from stream_events
