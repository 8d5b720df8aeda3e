-- Which sides the residents with some answers are on. One row per pattern of answers and side; a resident is on one side of each group.
create table members as
select member_bits, answered_bits, side
from (select distinct member_bits, answered_bits from enrollments) as patterns
cross join tally_sides
where case
    when part = 'everyone' then true
    when other_id is null then
        case part
            when 'in' then member_bits & bit > 0
            when 'out' then answered_bits & ~member_bits & bit > 0
            else ~answered_bits & bit > 0
        end
    else
        -- known not to be in one of the two is known not to be in both
        case part
            when 'in' then member_bits & bit > 0 and member_bits & other_bit > 0
            when 'out' then answered_bits & ~member_bits & bit > 0 or answered_bits & ~member_bits & other_bit > 0
            else not (member_bits & bit > 0 and member_bits & other_bit > 0)
                and not (answered_bits & ~member_bits & bit > 0 or answered_bits & ~member_bits & other_bit > 0)
        end
end;
