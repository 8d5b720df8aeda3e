-- The rows of a rate, repeated for each support with whether it was received. One row per fact row and support with a known answer.
select *
from (
    select
        with_dimension.*,
        support,
        case support
            when 'child_care' then child_care
            when 'transportation' then transportation
            when 'technology' then technology
        end as received
    from with_dimension
    cross join (
        select 'child_care' as support union all select 'transportation' union all select 'technology'
    ) as supports
    where is_hit is not null
) as answered
where received is not null
