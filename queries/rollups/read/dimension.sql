-- The rolled-up counts, each with its name in the breakdown. One row per rollup row.
-- Parameter: $by (the breakdown; null for a period).
select
    fact.* exclude (name),
    case $by
        when 'initiative' then coalesce(initiative, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'program' then coalesce(name, 'Not recorded')
        when 'provider' then coalesce(name, 'Not recorded')
        when 'town' then coalesce(name, 'Not recorded')
        when 'intake' then coalesce(name, 'Not recorded')
        when 'group' then group_id
    end as name
from fact
