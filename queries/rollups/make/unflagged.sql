-- Fact rows without an outcome: is_hit is null. One row per fact row.
select fact.*, cast(null as boolean) as is_hit from fact where dated_on is not null
