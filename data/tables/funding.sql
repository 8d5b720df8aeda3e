-- The store's ledger. Grain: one row per accepted transaction; amounts in US dollars.
select
    f.transaction_id, f.award_id, f.recipient, initiative.name as initiative, sector.name as sector,
    region.name as region, category.name as category, kind.name as kind, f.amount, f.posted_on
from accepted_funding as f
left join initiative_names as initiative on initiative.given = f.initiative
left join sector_names as sector on sector.given = f.sector
left join region_names as region on region.given = f.region
left join category_names as category on category.given = f.category
left join kind_names as kind on kind.given = f.kind
order by f.posted_on, f.transaction_id
