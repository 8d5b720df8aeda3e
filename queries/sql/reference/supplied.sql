-- The columns that the delivery supplied. One row per table and column.
select table_name, column_name
from supplied
order by table_name, column_name
