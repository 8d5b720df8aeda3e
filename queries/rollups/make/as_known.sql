-- What is counted, dated by the day on which it was known. One row per counted row.
select fact.* replace (known_on as dated_on), cast(null as boolean) as is_hit from fact
