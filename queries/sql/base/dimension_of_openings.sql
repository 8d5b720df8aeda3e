-- The openings, each with its name in the breakdown.
-- One row per fact row. Parameter: $by (the breakdown; null for a total or a period).
select
    fact.*,
    case $by
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'employer' then coalesce(employer, 'Not recorded')
        when 'source' then coalesce(source, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'town' then coalesce(town, 'Not recorded')
    end as name
from fact
