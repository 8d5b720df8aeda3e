-- How often each amount is found in each place, of all time: what a median takes. One row per place and amount. Parameter: $what.
insert into tally_values
select $what, initiative, region, sector, cast(amount as double), count(*) filter (where is_inside), count(*)
from events
group by initiative, region, sector, cast(amount as double)
order by initiative, region, sector, cast(amount as double)
