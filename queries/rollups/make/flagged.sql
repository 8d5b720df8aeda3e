-- What is counted, with whether it came true. One row per counted row.
select fact.* from fact where dated_on is not null
