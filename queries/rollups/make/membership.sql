-- The sides that a rollup can be about. One row per side: 0 is everyone; then each group's members, residents known not to be in
-- it, and residents who did not disclose it; then the same for each pair of groups. Sides that are read at once have consecutive numbers.
create table store.tally_sides as
select
    cast(row_number() over (order by kind, bit, other_bit) - 1 as utinyint) as side,
    part,
    group_id,
    other_id,
    bit,
    other_bit
from (
    select 0 as kind, 'everyone' as part, cast(null as varchar) as group_id, cast(null as varchar) as other_id, 0 as bit, 0 as other_bit
    union all
    select parts.kind, parts.part, ref_groups.group_id, null, ref_groups.bit, 0
    from ref_groups
    cross join (
        select 1 as kind, 'in' as part union all select 2, 'out' union all select 3, 'undisclosed'
    ) as parts
    union all
    select parts.kind, parts.part, first_group.group_id, second_group.group_id, first_group.bit, second_group.bit
    from ref_groups as first_group
    inner join ref_groups as second_group
        on first_group.bit < second_group.bit
    cross join (
        select 4 as kind, 'in' as part union all select 5, 'out' union all select 6, 'undisclosed'
    ) as parts
) as every_side;
