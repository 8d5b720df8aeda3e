-- Each amount under its key, with the number of amounts up to it and in total. One row per key and amount.
select
    key, amount, n, inside,
    sum(n) over (partition by key order by amount) as so_far,
    sum(n) over (partition by key) as total
from (select key, amount, sum(n) as n, sum(inside) as inside from with_dimension group by key, amount) as amounts
