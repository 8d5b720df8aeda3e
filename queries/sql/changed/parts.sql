-- The difference between two totals, by kind of change. One row per kind.
select kind, sum(greatest(change, 0)) as added, sum(greatest(-change, 0)) as removed
from units
group by kind
