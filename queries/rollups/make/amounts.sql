-- Fact rows that have an amount. One row per fact row.
select fact.* from fact where dated_on is not null and amount is not null
