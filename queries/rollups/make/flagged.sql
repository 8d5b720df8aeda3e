-- What is counted, with whether it came true. One row per counted row.
select counted.* from counted where dated_on is not null
