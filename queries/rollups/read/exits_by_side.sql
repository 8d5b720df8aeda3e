-- Successes and trials of a rate, for the group and for residents known not to be in it; and all exits of the group.
-- One row per key and month of the exit (months counted from year 0). Unit: exits. Parameter: $of_group.
select
    key,
    year(dated_on) * 12 + month(dated_on) - 1 as month_number,
    cast(coalesce(sum(successes) filter (where part = 'in'), 0) as bigint) as successes_in,
    cast(coalesce(sum(known) filter (where part = 'in'), 0) as bigint) as known_in,
    cast(coalesce(sum(successes) filter (where part = 'out'), 0) as bigint) as successes_out,
    cast(coalesce(sum(known) filter (where part = 'out'), 0) as bigint) as known_out,
    cast(coalesce(sum(n) filter (where part = 'in'), 0) as bigint) as exits_in
from with_dimension
where group_id = $of_group
group by key, year(dated_on) * 12 + month(dated_on) - 1
order by key, month_number
