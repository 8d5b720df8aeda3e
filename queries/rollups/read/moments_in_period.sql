-- Counts, and pairs whose events both fall in the period and under the same key. One row per row that counts. Parameters: $by, $until.
select *
from within
where later is null
    or (
        ($until is null or later <= $until)
        and later < case $by
            when 'month' then opens_on + interval 1 month
            when 'quarter' then opens_on + interval 3 months
            when 'fiscal_year' then opens_on + interval 1 year
            when 'year' then opens_on + interval 1 year
            else date '9999-01-01'
        end
    )
