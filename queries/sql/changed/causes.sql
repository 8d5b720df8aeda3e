-- What stands behind each kind of change. One row per kind and name: why a row was excluded, which column was corrected, else who
-- sent the row. A unit with several reasons or columns counts under each. `units` is all of the kind, whatever their names. Added: adds
-- to the total, or is accepted again; removed: takes away from it, or is excluded now.
with named as (
    select kind, if(set_aside_now.id is null, 1, -1) as change, unnest(string_split(coalesce(set_aside_now.reasons, set_aside_before.reasons), '; ')) as name
    from units
    left join set_aside_now using (id)
    left join set_aside_before using (id)
    where kind = 'excluded'
    union all
    select kind, change, field
    from units
    join differing using (id)
    where kind = 'corrected'
    union all
    select units.kind, units.change, coalesce(present_rows.sender, earlier_rows.sender)
    from units
    left join present_rows using (id)
    left join earlier_rows using (id)
    where units.kind in ('new', 'ended', 'late', 'removed')
),
sizes as (
    select kind, count(*) as units
    from units
    group by kind
)
select kind, name, count(*) filter (where change > 0) as added, count(*) filter (where change < 0) as removed, any_value(units) as units
from named
join sizes using (kind)
group by kind, name
order by kind, count(*) desc, name
