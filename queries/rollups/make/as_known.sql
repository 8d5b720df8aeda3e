-- Fact rows, dated by the day on which they became known. One row per fact row.
select fact.* replace (known_on as dated_on), cast(null as boolean) as is_hit from fact
