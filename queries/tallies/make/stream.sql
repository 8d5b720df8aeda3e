-- One stream of events, resident by resident. One row per event. Parameters: $dated_by, $only ('hits', 'known', 'all').
create temp table stream as
select
    resident, initiative, region, sector, program, provider, town, intake, member_bits, answered_bits, is_hit,
    case $dated_by
        when 'enrolled_on' then enrolled_on
        when 'exited_on' then exited_on
        else dated_on
    end as day
from events
where case $only when 'hits' then is_hit when 'known' then is_hit is not null else true end
