-- The contacts, each with its name in the breakdown.
-- One row per fact row. Parameter: $by (the breakdown; null for a total or a period).
select
    fact.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
    end as name
from fact
