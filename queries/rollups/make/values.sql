-- How often each amount occurs in each place, for all time: the input of a median. One row per place and amount. Parameter: $what.
insert into tally_values
select $what, initiative, region, sector, cast(amount as double), count(*) filter (where is_inside), count(*)
from events
group by initiative, region, sector, cast(amount as double)
order by initiative, region, sector, cast(amount as double)
