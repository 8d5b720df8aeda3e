-- The fact rows of the period, each with its key: its name, its period, or one total.
-- One row per fact row. Parameters: $by, $as_of, $since and $until (inclusive; null = open).
select
    dimension.*,
    case $by
        when 'month' then strftime(dated_on, '%Y-%m')
        when 'quarter' then year(dated_on) || '-Q' || quarter(dated_on)
        when 'fiscal_year' then 'FY' || year(dated_on + interval 6 months)
        when 'year' then cast(year(dated_on) as varchar)
        when 'weeks_back' then cast(($as_of - dated_on) // 7 as varchar)
        else coalesce(name, 'Total')
    end as key
from dimension
where dated_on is not null
    and ($since is null or dated_on >= $since)
    and ($until is null or dated_on <= $until)
