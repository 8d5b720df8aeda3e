-- Residents by the initiatives they came into contact with, in order of first contact. One row per path of two or more initiatives.
select
    path as key,
    count(*) as numerator
from (
    select resident, string_agg(initiative, ' → ' order by first_on, initiative) as path
    from (
        select resident, initiative, min(dated_on) as first_on
        from with_dimension
        where resident in (select resident from with_dimension group by resident having min(initiative) < max(initiative))
        group by resident, initiative
    ) as firsts
    group by resident
) as paths
group by path
order by count(*) desc, path
