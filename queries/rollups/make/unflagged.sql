-- What is counted, where there is nothing to come true. One row per counted row.
select counted.*, cast(null as boolean) as is_hit from counted where dated_on is not null
