-- What each row adds to the difference between two totals. One row per row of the exports and kind of change.
create or replace temp table units as
select
    id,
    if(same_day.id is null, 'new', 'ended') as kind,
    coalesce(today.amount, 0) - coalesce(same_day.amount, 0) as change
from today
full join same_day using (id)
where today.amount is distinct from same_day.amount
union all
select
    id,
    kind,
    coalesce(same_day.amount, 0) - coalesce(before.amount, 0)
from revised
left join before using (id)
left join same_day using (id)
