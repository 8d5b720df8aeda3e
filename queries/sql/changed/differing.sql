-- The columns in which corrected rows differ between the two deliveries. One row per unit and column; answers about groups are one.
create or replace temp table differing as
with corrected as (
    select id
    from units
    where kind = 'corrected'
),
before_cells as (
    select *
    from (
        select id, cast(columns(lambda name: name not in ('id', 'resident', 'is_recorded', 'sender')) as varchar)
        from earlier_rows
        where id in (select id from corrected)
    )
    unpivot include nulls (content for field in (columns(* exclude (id))))
),
present_cells as (
    select *
    from (
        select id, cast(columns(lambda name: name not in ('id', 'resident', 'is_recorded', 'sender')) as varchar)
        from present_rows
        where id in (select id from corrected)
    )
    unpivot include nulls (content for field in (columns(* exclude (id))))
)
select distinct id, if(field in ('member_bits', 'answered_bits'), 'groups', field) as field
from before_cells
join present_cells using (id, field)
where before_cells.content is distinct from present_cells.content
