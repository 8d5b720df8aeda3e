-- Which openings break a rule.
-- Grain: one row per row read of openings. Each column except row_id is a rule; its name is the reason shown to the analyst.
-- Parameters: $delivered_on, the date of the delivery; $earliest: earlier dates are mistakes. A reason may show it as
-- {earliest}.
select
    o.row_id,
    looks_like_ssn(o.opening_id) as "opening_id looks like a Social Security number, not an id",
    o.source is not null and source.name is null as "unknown source",
    o.sector is not null and sector.name is null as "unknown sector",
    o.town is not null and town.name is null as "unknown town",
    o.posted_on > $delivered_on as "posted_on after the delivery",
    o.closed_on > $delivered_on as "closed_on after the delivery",
    o.posted_on < $earliest as "posted_on before {earliest}",
    o.closed_on < $earliest as "closed_on before {earliest}",
    o.closed_on < o.posted_on as "closed before posted",
    o.positions < 0 as "negative positions",
    o.filled < 0 as "negative filled",
    o.filled_by_participants < 0 as "negative filled_by_participants",
    o.filled > o.positions as "more filled than positions",
    o.filled_by_participants > o.filled as "more filled by participants than filled"
from openings as o
left join opening_source_names as source on source.given = o.source
left join sector_names as sector on sector.given = o.sector
left join town_names as town on town.given = o.town
