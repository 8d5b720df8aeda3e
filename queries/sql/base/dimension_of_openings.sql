-- The counted openings, each with the name it falls under.
-- One row per counted row. Parameter: $by (the breakdown; null, or a period, leaves the name null).
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
