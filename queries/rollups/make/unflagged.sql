-- What is counted, where there is nothing to come true. One row per counted row.
select fact.*, cast(null as boolean) as is_hit from fact where dated_on is not null
