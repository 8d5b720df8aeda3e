-- Residents with one event in the stream by place and day. One row per place and day.
create temp table alone_by_day as
select initiative, region, sector, day, count(*) as n
from stream
anti join several using (resident)
group by initiative, region, sector, day
