-- The rows of one file of the earlier delivery's excluded rows: one row per row, with the names that its columns are given.
insert into excluded_before
select id, reasons
from read_csv($path, header = true, all_varchar = true, names = $names, delim = ',', quote = '"', escape = '"')
