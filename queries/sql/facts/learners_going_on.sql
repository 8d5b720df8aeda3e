-- Learners, and whether they later enrolled in a program paid from the recovery funds; with the sector of that enrollment.
-- One row per learner and region, dated by the first registration. is_hit: enrolled later; amount: days in between.
select
    firsts.resident,
    firsts.region,
    firsts.town,
    firsts.platform,
    firsts.subject,
    firsts.course,
    firsts.eligibility,
    onward.sector,
    firsts.registered_on as dated_on,
    onward.enrolled_on is not null as is_hit,
    onward.enrolled_on - firsts.registered_on as amount,
    onward.enrolled_on is not null as is_inside
from (
    select *, row_number() over (partition by resident order by registered_on, registration_id) as turn
    from registrations_as_of
) as firsts
left join (
    select resident, sector, enrolled_on, row_number() over (partition by resident order by enrolled_on, enrollment_id) as turn
    from enrollments
    where enrolled_on <= $as_of and initiative in (select initiative from ref_initiatives where is_slfrf)
        and resident in (select resident from registrations_as_of)
) as onward
    on onward.resident = firsts.resident and onward.turn = 1 and onward.enrolled_on >= firsts.registered_on
where firsts.turn = 1
