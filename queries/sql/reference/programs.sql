-- The programs that residents applied to, each with its provider and sector where it has only one of them. One row per program.
select program, provider, sector
from programs
order by program
