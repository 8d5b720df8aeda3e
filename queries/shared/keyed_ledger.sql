-- The counted ledger transactions of the period, each with the key it falls under.
-- One row per counted transaction. Parameters: $by, $since, $until. By provider means by the award's recipient.
select
    counted.*,
    case $by
        when 'initiative' then coalesce(initiative, 'Not assigned')
        when 'region' then coalesce(region, 'Not assigned')
        when 'sector' then coalesce(sector, 'Not assigned')
        when 'category' then coalesce(category, 'Not assigned')
        when 'provider' then coalesce(recipient, 'Not assigned')
        when 'month' then strftime(dated_on, '%Y-%m')
        when 'quarter' then year(dated_on) || '-Q' || quarter(dated_on)
        when 'fiscal_year' then 'FY' || year(dated_on + interval 6 months)
        when 'year' then cast(year(dated_on) as varchar)
        else 'Total'
    end as key
from counted
where ($since is null or dated_on >= $since)
    and ($until is null or dated_on <= $until)
