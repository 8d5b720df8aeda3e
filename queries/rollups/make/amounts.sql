-- What is counted, with its amount. One row per counted row that has one.
select counted.* from counted where dated_on is not null and amount is not null
