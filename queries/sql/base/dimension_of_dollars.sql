-- The ledger transactions, each with its name in the breakdown. A provider is the award's recipient.
-- One row per fact row. Parameter: $by (the breakdown; null for a total or a period).
select
    fact.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not assigned')
        when 'region' then coalesce(region, 'Not assigned')
        when 'sector' then coalesce(sector, 'Not assigned')
        when 'category' then coalesce(category, 'Not assigned')
        when 'provider' then coalesce(recipient, 'Not assigned')
    end as name
from fact
