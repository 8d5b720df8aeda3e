-- Residents with a single event in the stream, by place, an extra dimension and month. One row per place, name
-- and month. Parameters: $extra, $unit.
create table single_event_by_name as
select
    initiative, region, sector,
    case $extra when 'program' then program when 'provider' then provider when 'town' then town when 'intake' then intake end as name,
    cast(date_trunc($unit, day) as date) as month,
    count(*) as n
from stream_events
group by initiative, region, sector, name, month
