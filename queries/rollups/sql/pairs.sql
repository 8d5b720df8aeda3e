-- Two applications of one resident, with the columns of the second as other_…. One row per pair.
-- They correct what is counted row by row: a resident with two counts once, and adds to the sums of squares of a rate.
create table store.rollup_pairs as
select
    one.* exclude (enrollment_id, resident, hourly_wage_before, hourly_wage_after),
    columns(other.* exclude (enrollment_id, resident, member_bits, answered_bits, hourly_wage_before, hourly_wage_after))
        as 'other_\0'
from repeated as one
inner join repeated as other on one.resident = other.resident and one.enrollment_id < other.enrollment_id
order by one.initiative, one.applied_on
