-- What a rate counts, once for each support, with or without it. One row per counted row and support whose answer is known.
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
