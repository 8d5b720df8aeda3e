-- Which enrollments break a rule.
-- Grain: one row per row read of enrollments. Each column except row_id is a rule; its name is the reason shown to the analyst.
-- Parameters: $delivered_on, the date of the delivery; $earliest: earlier dates are mistakes. A reason may show it as
-- {earliest}.
select
    e.row_id,
    looks_like_ssn(e.participant_id) as "participant_id looks like a Social Security number, not a pseudonym",
    looks_like_ssn(e.enrollment_id) as "enrollment_id looks like a Social Security number, not an id",
    e.participant_id like '%_@_%._%' as "participant_id looks like an e-mail address, not a pseudonym",
    stands_for_none(e.participant_id) as "participant_id stands for no id, such as N/A",
    e.initiative is not null and initiative.name is null as "unknown initiative",
    e.sector is not null and sector.name is null as "unknown sector",
    sector.name is not null and e.applied_on is not null and valid.sector is null as "sector not valid on applied_on",
    e.town is not null and town.name is null as "unknown town",
    e.region is not null and region.name is null as "unknown region",
    e.referred_by is not null and intake.name is null as "unknown board or organization in referred_by",
    e.applied_on > $delivered_on as "applied_on after the delivery",
    e.enrolled_on > $delivered_on as "enrolled_on after the delivery",
    e.started_on > $delivered_on as "started_on after the delivery",
    e.applied_on < $earliest as "applied_on before {earliest}",
    e.enrolled_on < $earliest as "enrolled_on before {earliest}",
    e.started_on < $earliest as "started_on before {earliest}",
    e.planned_end_on < $earliest as "planned_end_on before {earliest}",
    e.enrolled_on < e.applied_on as "enrolled before applied",
    e.started_on < e.enrolled_on as "started before enrolled",
    e.started_on is not null and e.enrolled_on is null as "started without being enrolled",
    e.planned_end_on < e.started_on as "planned end before start"
from enrollments as e
left join initiative_names as initiative on initiative.given = e.initiative
left join sector_names as sector on sector.given = e.sector
left join ref_sectors as valid
    on valid.sector = sector.name
    and (valid.valid_from is null or valid.valid_from <= e.applied_on)
    and (valid.valid_until is null or valid.valid_until >= e.applied_on)
left join town_names as town on town.given = e.town
left join region_names as region on region.given = e.region
left join intake_names as intake on intake.given = e.referred_by
