-- What is counted, with its amount. One row per counted row that has one.
select fact.* from fact where dated_on is not null and amount is not null
