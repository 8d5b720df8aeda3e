-- Rows read, accepted, quarantined and duplicate. One row per table; read = accepted + quarantined + duplicates.
select table_name, read, accepted, quarantined, duplicates
from check_tables
