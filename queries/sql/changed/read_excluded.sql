-- The rows of one file of excluded rows: one row per row, with the names that its columns are given.
insert into excluded
select $delivery, $source, $row_id, id, reasons
from read_csv($path, header = true, all_varchar = true, names = $names, delim = ',', quote = '"', escape = '"')
