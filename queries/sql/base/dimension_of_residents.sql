-- The enrollments, each with its name in the breakdown.
-- One row per fact row. Parameter: $by (the breakdown; null for a total or a period).
select
    fact.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'town' then coalesce(town, 'Not recorded')
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'program' then coalesce(program, 'Not recorded')
        when 'provider' then coalesce(provider, 'Not recorded')
        when 'intake' then coalesce(intake, 'Not recorded')
    end as name
from fact
