-- What each resident adds to the difference between two numbers of distinct residents. One row per resident and kind of change, with
-- the id of one of the resident's rows.
-- new, ended: counted on one of two days of the present delivery. Revised: counted on the same day in one delivery only, by the
-- first kind that applies to a row of the resident. merged: residents who are one person in the present delivery (-1 for each after the
-- first), or one resident who is several persons there (+1 for each after the first).
create or replace temp table units as
with each_day as (
    select resident as person, min(id) as id, true as is_today
    from today
    group by resident
    union all
    select resident, min(id), false
    from same_day
    group by resident
),
revised_rows as (
    select same_day.resident as person, id, kind, 1 as change
    from same_day
    join revised using (id)
    where same_day.resident not in (select person from people)
    union all
    select people.person, id, kind, -1
    from people
    join revised using (id)
    where people.person not in (select resident from same_day)
),
edges as (
    select resident, person, min(id) as id
    from people
    group by resident, person
)
select min(id) as id, if(bool_or(is_today), 'new', 'ended') as kind, if(bool_or(is_today), 1, -1)::decimal(18, 2) as change
from each_day
group by person
having count(*) = 1
union all
select id, kind, change
from revised_rows
qualify row_number() over (partition by person order by list_position(['excluded', 'corrected', 'removed', 'late'], kind), id) = 1
union all
select id, 'merged', -1
from edges
qualify row_number() over (partition by person order by id) > 1
union all
select id, 'merged', 1
from edges
qualify row_number() over (partition by resident order by id) > 1
