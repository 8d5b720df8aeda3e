-- Residents and the initiatives they took part in. Grain: one row per resident, initiative and region, dated by the first event. A free
-- online course counts as SkillUp CT. in_several: the resident takes part in more than one initiative, at any time.
select
    *, min(initiative) over (partition by resident) < max(initiative) over (partition by resident) as in_several
from (
    select resident, initiative, region, min(met_on) as met_on
    from (
        select resident, initiative, region, enrolled_on as met_on from store.enrollments where enrolled_on is not null
        union all
        select resident, 'SkillUp CT', region, registered_on from store.courses
    )
    group by all
)
order by resident, met_on
