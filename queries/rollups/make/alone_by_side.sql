-- The same for every side from $first_side to $last_side. One row per side, place and month or quarter.
create table alone_by_side as
select side, initiative, region, sector, month, sum(n) as n
from alone
inner join members using (member_bits, answered_bits)
where side between $first_side and $last_side
group by side, initiative, region, sector, month
