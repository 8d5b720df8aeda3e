-- The store's enrollments, each with its exit joined, names in their canonical spelling.
-- Grain: one row per accepted enrollment; sorted by initiative and date, so that a filter reads few blocks.
select
    e.enrollment_id, r.resident, initiative.name as initiative, e.program, e.provider, sector.name as sector,
    town.name as town, coalesce(ref_towns.region, region.name) as region, intake.name as intake,
    e.applied_on, e.enrolled_on, e.started_on, e.planned_end_on, e.child_care, e.transportation, e.technology,
    r.member_bits, r.answered_bits,
    c.exited_on, outcome.name as outcome, c.credential, c.credential_on, c.stackable, c.employed_on, c.employed_q2,
    c.employed_q4, c.hourly_wage_before, c.hourly_wage_after
from accepted_enrollments as e
join residents as r on r.participant_id = e.participant_id
left join accepted_completions as c on c.enrollment_id = e.enrollment_id
left join outcome_names as outcome on outcome.given = c.outcome
left join initiative_names as initiative on initiative.given = e.initiative
left join sector_names as sector on sector.given = e.sector
left join town_names as town on town.given = e.town
left join ref_towns on ref_towns.town = town.name
left join region_names as region on region.given = e.region
left join intake_names as intake on intake.given = e.referred_by
order by initiative.name, e.applied_on
