-- Residents with a single event in the stream, by place and day. One row per place and day.
create table single_event_by_day as
select initiative, region, sector, day, count(*) as n
from stream_events
group by initiative, region, sector, day
