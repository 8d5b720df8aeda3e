-- Which course registrations break a rule.
-- Grain: one row per row read of courses. Each column except row_id is a rule; its name is the reason shown to the analyst.
-- Parameters: $delivered_on, the date of the delivery; $earliest: earlier dates are mistakes. A reason may show it as
-- {earliest}.
select
    c.row_id,
    looks_like_ssn(c.participant_id) as "participant_id looks like a Social Security number, not a pseudonym",
    looks_like_ssn(c.registration_id) as "registration_id looks like a Social Security number, not an id",
    c.participant_id like '%_@_%._%' as "participant_id looks like an e-mail address, not a pseudonym",
    stands_for_none(c.participant_id) as "participant_id stands for no id, such as N/A",
    c.platform is not null and platform.name is null as "unknown platform",
    c.eligibility is not null and eligibility.name is null as "unknown eligibility",
    c.town is not null and town.name is null as "unknown town",
    c.registered_on > $delivered_on as "registered_on after the delivery",
    c.completed_on > $delivered_on as "completed_on after the delivery",
    c.registered_on < $earliest as "registered_on before {earliest}",
    c.completed_on < $earliest as "completed_on before {earliest}",
    c.completed_on < c.registered_on as "completed before registered",
    c.hours < 0 as "negative hours"
from courses as c
left join platform_names as platform on platform.given = c.platform
left join eligibility_names as eligibility on eligibility.given = c.eligibility
left join town_names as town on town.given = c.town
