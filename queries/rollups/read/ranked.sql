-- Each amount under its key, with how many are at most as large, and how many there are. One row per key and amount.
select
    key, amount, n, inside,
    sum(n) over (partition by key order by amount) as so_far,
    sum(n) over (partition by key) as total
from (select key, amount, sum(n) as n, sum(inside) as inside from with_dimension group by key, amount) as amounts
