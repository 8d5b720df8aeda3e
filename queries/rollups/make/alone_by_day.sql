-- Residents with one event in the stream by place and day. One row per place and day.
create table alone_by_day as
select initiative, region, sector, day, count(*) as n
from streamed
group by initiative, region, sector, day
