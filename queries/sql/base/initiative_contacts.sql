-- A resident's contacts with initiatives: enrollments, and online courses as contacts with SkillUp CT.
-- One row per resident, initiative and region, dated by the first contact. Parameters: $as_of, $region.
select
    resident,
    initiative,
    region,
    min(met_on) as met_on
from (
    select resident, initiative, region, enrolled_on as met_on
    from enrollments
    union all
    select resident, 'SkillUp CT' as initiative, region, registered_on as met_on
    from courses
) as every_contact
where met_on <= $as_of
    and ($region is null or region = $region)
group by resident, initiative, region
