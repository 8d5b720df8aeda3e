-- Why rows were quarantined. One row per table and reason; a row with two reasons counts under both.
select table_name, reason, rows
from check_reasons
order by rows desc, table_name, reason
