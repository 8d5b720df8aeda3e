-- The events of multi_event, each with the day of the previous event in the same place (and, with $extra, under the same name), for
-- every combination of places, numbered as in queries/rollups/streams.py. One row per event. Parameter: $extra (null = no name).
create table events_with_previous as
select
    multi_event.*,
    case $extra when 'program' then program when 'provider' then provider when 'town' then town when 'intake' then intake end as name,
    before_0, before_1, before_2, before_3, before_4, before_5, before_6, before_7
from multi_event
left join (
    select
        number,
        max(day) as before_0,
        max(day) filter (where same_initiative) as before_1,
        max(day) filter (where same_region) as before_2,
        max(day) filter (where same_initiative and same_region) as before_3,
        max(day) filter (where same_sector) as before_4,
        max(day) filter (where same_initiative and same_sector) as before_5,
        max(day) filter (where same_region and same_sector) as before_6,
        max(day) filter (where same_initiative and same_region and same_sector) as before_7
    from (
        select
            event.number, previous.day,
            event.initiative is not distinct from previous.initiative as same_initiative,
            event.region is not distinct from previous.region as same_region,
            event.sector is not distinct from previous.sector as same_sector
        from multi_event as event
        inner join multi_event as previous
            on event.resident = previous.resident
            and (previous.day < event.day or (previous.day = event.day and previous.number < event.number))
        where case $extra
            when 'program' then event.program is not distinct from previous.program
            when 'provider' then event.provider is not distinct from previous.provider
            when 'town' then event.town is not distinct from previous.town
            when 'intake' then event.intake is not distinct from previous.intake
            else true
        end
    ) as pairs
    group by number
) as befores using (number)
