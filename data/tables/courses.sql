-- The store's online courses. Grain: one row per accepted registration; the region is the town's.
select
    c.registration_id, r.resident, platform.name as platform, c.course, c.subject, eligibility.name as eligibility,
    town.name as town, ref_towns.region, c.registered_on, c.completed_on, c.hours, c.credit_earned
from accepted_courses as c
join residents as r on r.participant_id = c.participant_id
left join platform_names as platform on platform.given = c.platform
left join eligibility_names as eligibility on eligibility.given = c.eligibility
left join town_names as town on town.given = c.town
left join ref_towns on ref_towns.town = town.name
order by c.registered_on
