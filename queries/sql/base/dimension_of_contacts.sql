-- The counted meetings, each with the name it falls under.
-- One row per counted row. Parameter: $by (the breakdown; null, or a period, leaves the name null).
select
    fact.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
    end as name
from fact
