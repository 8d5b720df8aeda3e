-- The counted events of the period, each with the key it falls under.
-- One row per counted event. Parameters: $by (the breakdown; null = one total), $since and $until (inclusive; null = open).
select
    counted.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'town' then coalesce(town, 'Not recorded')
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'program' then coalesce(program, 'Not recorded')
        when 'provider' then coalesce(provider, 'Not recorded')
        when 'intake' then coalesce(intake, 'Not recorded')
        when 'month' then strftime(dated_on, '%Y-%m')
        when 'quarter' then year(dated_on) || '-Q' || quarter(dated_on)
        when 'fiscal_year' then 'FY' || year(dated_on + interval 6 months)
        when 'year' then cast(year(dated_on) as varchar)
        when 'weeks_back' then cast(($as_of - dated_on) // 7 as varchar)
        else 'Total'
    end as key
from counted
where dated_on is not null
    and ($since is null or dated_on >= $since)
    and ($until is null or dated_on <= $until)
