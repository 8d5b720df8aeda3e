-- The underrepresented groups, and whether the delivery says who is in them. One row per group.
select
    ref_groups.* exclude (column_name, source),
    supplied.column_name is not null as is_supplied
from ref_groups
left join supplied
    on supplied.table_name = 'enrollments' and supplied.column_name = ref_groups.column_name
order by ref_groups.bit
