-- Who the residents of the earlier delivery are in the present one. Every row of `before`, with its person there.
-- Residents have other numbers in each delivery. A row that is in both says who its resident became; a row that is gone is of whoever
-- another row of the same resident leads to; a resident without any such row is gone and gets a number below zero.
create or replace temp table people as
with held as (
    select before.id, before.resident, present_rows.resident as person
    from before
    left join present_rows using (id)
),
matched as (
    select earlier.enrollments.resident, present.enrollments.resident as person
    from earlier.enrollments
    join present.enrollments using (enrollment_id)
    where earlier.enrollments.resident in (select resident from held where person is null)
    union all
    select earlier.courses.resident, present.courses.resident
    from earlier.courses
    join present.courses using (registration_id)
    where earlier.courses.resident in (select resident from held where person is null)
),
became as (
    select resident, min(person) as person
    from matched
    group by resident
)
select held.id, held.resident, coalesce(held.person, became.person, -held.resident) as person
from held
left join became using (resident)
