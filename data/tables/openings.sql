-- The store's openings and hiring commitments. Grain: one row per accepted opening; the region is the town's.
select
    o.opening_id, o.employer, source.name as source, sector.name as sector, town.name as town, ref_towns.region,
    o.positions, o.posted_on, o.closed_on, o.filled, o.filled_by_participants
from accepted_openings as o
left join opening_source_names as source on source.given = o.source
left join sector_names as sector on sector.given = o.sector
left join town_names as town on town.given = o.town
left join ref_towns on ref_towns.town = town.name
order by o.posted_on, o.opening_id
