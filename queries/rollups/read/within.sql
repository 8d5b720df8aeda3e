-- What falls in the period, with the first day of its month, quarter or year (opens_on) and the first day of it that the period
-- includes (begins_on). One row per row with a key. Parameters: $by, $since.
select
    placed.*,
    greatest(coalesce($since, date '0001-01-01'), opens_on) as begins_on
from (
    select
        with_dimension.*,
        case $by
            when 'month' then cast(date_trunc('month', dated_on) as date)
            when 'quarter' then cast(date_trunc('quarter', dated_on) as date)
            when 'fiscal_year' then cast(date_trunc('year', dated_on + interval 6 months) - interval 6 months as date)
            when 'year' then cast(date_trunc('year', dated_on) as date)
            else date '0001-01-01'
        end as opens_on
    from with_dimension
) as placed
