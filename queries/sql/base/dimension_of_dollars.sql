-- The counted ledger transactions, each with the name it falls under; by provider means by the award's recipient.
-- One row per counted row. Parameter: $by (the breakdown; null, or a period, leaves the name null).
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
