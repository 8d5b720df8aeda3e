-- The events of a stream, each with its day. One row per event. Parameters: $dated_by, $only ('successes', 'known', 'all').
select
    events.*,
    case $dated_by
        when 'enrolled_on' then enrolled_on
        when 'exited_on' then exited_on
        else dated_on
    end as day
from events
where case $only when 'successes' then is_hit when 'known' then is_hit is not null else true end
