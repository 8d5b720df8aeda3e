-- The rows behind each kind of change, with the columns that differ and the reasons for an exclusion. One row per unit.
-- Parameters: $most, how many rows of each kind.
with listed as (
    from units
    qualify row_number() over (partition by kind order by id) <= $most
),
before_cells as (
    select *
    from (
        select id, cast(columns(lambda name: name not in ('id', 'resident', 'is_recorded')) as varchar)
        from earlier_rows
        where id in (select id from listed where kind = 'corrected')
    )
    unpivot include nulls (content for field in (columns(* exclude (id))))
),
present_cells as (
    select *
    from (
        select id, cast(columns(lambda name: name not in ('id', 'resident', 'is_recorded')) as varchar)
        from present_rows
        where id in (select id from listed where kind = 'corrected')
    )
    unpivot include nulls (content for field in (columns(* exclude (id))))
),
differing as (
    select id, string_agg(field, ', ' order by field) as columns
    from (
        select distinct id, if(field in ('member_bits', 'answered_bits'), 'groups', field) as field
        from before_cells
        join present_cells using (id, field)
        where before_cells.content is distinct from present_cells.content
    )
    group by id
)
select
    listed.kind,
    listed.id,
    listed.change,
    differing.columns,
    coalesce(set_aside_now.reasons, set_aside_before.reasons) as reasons
from listed
left join differing using (id)
left join set_aside_now on set_aside_now.id = listed.id and listed.kind = 'excluded'
left join set_aside_before on set_aside_before.id = listed.id and listed.kind = 'excluded'
order by listed.kind, listed.id
