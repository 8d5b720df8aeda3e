-- The excluded rows of both deliveries: one row per row of their files, for each kind of id that a file has.
create table excluded (delivery varchar, source varchar, row_id varchar, id varchar, reasons varchar)
