-- What was read and what became of it. One row per table; read = accepted + quarantined + duplicates.
select table_name, read, accepted, quarantined, duplicates
from check_tables
