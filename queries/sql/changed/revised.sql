-- What counts differently on the same day in two deliveries, and why. One row per row of the exports.
--   before     counted in the earlier delivery         same_day   counted in the present delivery on the earlier one's day
-- Kinds, in the order of their tests: excluded (in the excluded rows of one delivery only), corrected (recorded in both), removed
-- (not in the present delivery), late (the row or its event was not in the earlier delivery).
create or replace temp table revised as
select
    id,
    case
        when (set_aside_before.id is null) <> (set_aside_now.id is null) then 'excluded'
        when same_day.id is null and present_rows.id is null then 'removed'
        when before.id is null and not coalesce(earlier_rows.is_recorded, false) then 'late'
        else 'corrected'
    end as kind
from before
full join same_day using (id)
left join set_aside_before using (id)
left join set_aside_now using (id)
left join earlier_rows using (id)
left join present_rows using (id)
where before.amount is distinct from same_day.amount
