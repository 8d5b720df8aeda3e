-- The programs that residents applied to, each with its provider and sector where it has only one of them. One row per program.
select
    program,
    case when count(distinct provider) = 1 then min(provider) end as provider,
    case when count(distinct sector) = 1 then min(sector) end as sector
from store.enrollments
where program is not null
group by program
order by program
