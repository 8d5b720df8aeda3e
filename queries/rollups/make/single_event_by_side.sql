-- single_event for every side from $first_side to $last_side. One row per side, place and month or quarter.
create table single_event_by_side as
select side, initiative, region, sector, month, sum(n) as n
from single_event
inner join members using (member_bits, answered_bits)
where side between $first_side and $last_side
group by side, initiative, region, sector, month
