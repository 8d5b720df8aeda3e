-- The counted registrations of the period, each with the key it falls under.
-- One row per counted row. Parameters: $by, $since, $until.
select
    counted.*,
    case $by
        when 'platform' then coalesce(platform, 'Not recorded')
        when 'subject' then coalesce(subject, 'Not recorded')
        when 'course' then coalesce(course, 'Not recorded')
        when 'eligibility' then coalesce(eligibility, 'Not recorded')
        when 'sector' then coalesce(sector, 'Not recorded')
        when 'region' then coalesce(region, 'Not recorded')
        when 'town' then coalesce(town, 'Not recorded')
        when 'month' then strftime(dated_on, '%Y-%m')
        when 'quarter' then year(dated_on) || '-Q' || quarter(dated_on)
        when 'fiscal_year' then 'FY' || year(dated_on + interval 6 months)
        when 'year' then cast(year(dated_on) as varchar)
        else 'Total'
    end as key
from counted
where dated_on is not null
    and ($since is null or dated_on >= $since)
    and ($until is null or dated_on <= $until)
