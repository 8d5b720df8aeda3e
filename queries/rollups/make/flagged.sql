-- Fact rows with their outcome (is_hit). One row per fact row.
select fact.* from fact where dated_on is not null
