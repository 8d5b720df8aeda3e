-- One file of the excluded rows of the earlier delivery, under names that the code gives its columns.
insert into excluded_before
select id, reasons
from read_csv($path, header = true, all_varchar = true, names = $names, delim = ',', quote = '"', escape = '"')
