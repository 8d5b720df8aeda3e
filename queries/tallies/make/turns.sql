-- Each event of the residents with several, with the day of the one before it in the same place: filters and breakdown decide
-- what one place is, so one pass per shape. One row per event.
-- Parameters: $initiative, $region, $sector (booleans: does it tell places apart), $extra.
create or replace temp table turns as
select *, lag(day) over (partition by resident, initiative, region, sector, name order by day, number) as before
from (
    select
        resident, number, member_bits, answered_bits, day,
        case when $initiative then initiative end as initiative,
        case when $region then region end as region,
        case when $sector then sector end as sector,
        case $extra when 'program' then program when 'provider' then provider when 'town' then town when 'intake' then intake end as name
    from several
) as placed
