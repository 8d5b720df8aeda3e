-- Fact rows of everyone by place and day. One row per place and day. Parameter: $what.
insert into tally_days
select $what, initiative, region, sector, dated_on, count(*), count(is_hit), count(*) filter (where is_hit)
from events
group by initiative, region, sector, dated_on
order by dated_on, initiative, region, sector
