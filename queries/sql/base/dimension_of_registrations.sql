-- The registrations, each with its name in the breakdown.
-- One row per fact row. Parameter: $by (the breakdown; null for a total or a period).
select
    fact.*,
    case $by
        when 'platform' then coalesce(platform, 'Not recorded')
        when 'subject' then coalesce(subject, 'Not recorded')
        when 'course' then coalesce(course, 'Not recorded')
        when 'eligibility' then coalesce(eligibility, 'Not recorded')
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'town' then coalesce(town, 'Not recorded')
    end as name
from fact
