-- The rows behind each kind of change, with the columns that differ and the reasons for an exclusion. One row per unit.
-- Parameters: $most, how many rows of each kind.
with listed as (
    from units
    qualify row_number() over (partition by kind order by id) <= $most
),
columns_of as (
    select id, string_agg(field, ', ' order by field) as columns
    from differing
    group by id
)
select
    listed.kind,
    listed.id,
    listed.change,
    columns_of.columns,
    coalesce(set_aside_now.reasons, set_aside_before.reasons) as reasons
from listed
left join columns_of on columns_of.id = listed.id and listed.kind = 'corrected'
left join set_aside_now on set_aside_now.id = listed.id and listed.kind = 'excluded'
left join set_aside_before on set_aside_before.id = listed.id and listed.kind = 'excluded'
order by listed.kind, listed.id
