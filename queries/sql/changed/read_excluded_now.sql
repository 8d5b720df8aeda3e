-- One file of the excluded rows of the present delivery, under names that the code gives its columns.
insert into excluded_now
select id, reasons
from read_csv($path, header = true, all_varchar = true, names = $names, delim = ',', quote = '"', escape = '"')
