-- Which ledger transactions break a rule. Expenses beyond their award's obligation depend on
-- earlier transactions; data/ledger.py checks them after these rules.
-- Grain: one row per row read of funding. Each column except row_id is a rule; its name is the reason shown to the analyst.
-- Parameters: $delivered_on, the date of the delivery; $earliest: earlier dates are mistakes. A reason may show it as
-- {earliest}.
select
    f.row_id,
    looks_like_ssn(f.transaction_id) as "transaction_id looks like a Social Security number, not an id",
    looks_like_ssn(f.award_id) as "award_id looks like a Social Security number, not an id",
    f.initiative is not null and initiative.name is null as "unknown initiative",
    f.sector is not null and sector.name is null as "unknown sector",
    f.region is not null and region.name is null as "unknown region",
    f.category is not null and category.name is null as "unknown category",
    f.kind is not null and kind.name is null as "unknown kind",
    f.posted_on > $delivered_on as "posted_on after the delivery",
    f.posted_on < $earliest as "posted_on before {earliest}"
from funding as f
left join initiative_names as initiative on initiative.given = f.initiative
left join sector_names as sector on sector.given = f.sector
left join region_names as region on region.given = f.region
left join category_names as category on category.given = f.category
left join kind_names as kind on kind.given = f.kind
