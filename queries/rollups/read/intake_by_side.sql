-- Residents at their first enrollment under the filters and the key: in the group, known not to be in it, undisclosed.
-- One row per key and month of that enrollment (months counted from year 0). Unit: residents. Parameter: $of_group.
select
    key,
    year(dated_on) * 12 + month(dated_on) - 1 as month_number,
    cast(coalesce(sum(n) filter (where part = 'in'), 0) as bigint) as inside,
    cast(coalesce(sum(n) filter (where part = 'out'), 0) as bigint) as outside,
    cast(coalesce(sum(n) filter (where part = 'undisclosed'), 0) as bigint) as undisclosed
from first_in_period
where group_id = $of_group
group by key, year(dated_on) * 12 + month(dated_on) - 1
order by key, month_number
