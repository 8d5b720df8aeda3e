-- Each event of those residents, with the day of the one before it in the same place (and, with $extra, under the same name), once
-- for every shape of place, numbered as in queries/rollups/streams.py. One row per event. Parameter: $extra (null = no name).
create table turns as
select
    several.*,
    case $extra when 'program' then program when 'provider' then provider when 'town' then town when 'intake' then intake end as name,
    before_0, before_1, before_2, before_3, before_4, before_5, before_6, before_7
from several
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
            one.number, other.day,
            one.initiative is not distinct from other.initiative as same_initiative,
            one.region is not distinct from other.region as same_region,
            one.sector is not distinct from other.sector as same_sector
        from several as one
        inner join several as other
            on one.resident = other.resident
            and (other.day < one.day or (other.day = one.day and other.number < one.number))
        where case $extra
            when 'program' then one.program is not distinct from other.program
            when 'provider' then one.provider is not distinct from other.provider
            when 'town' then one.town is not distinct from other.town
            when 'intake' then one.intake is not distinct from other.intake
            else true
        end
    ) as pairs
    group by number
) as befores using (number)
