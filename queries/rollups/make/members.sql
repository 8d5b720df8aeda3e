-- The sides of residents with the same answers. One row per pattern of answers and side; a resident is on one side of each group.
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
        -- a resident known not to be in either group is known not to be in both
        case part
            when 'in' then member_bits & bit > 0 and member_bits & other_bit > 0
            when 'out' then answered_bits & ~member_bits & bit > 0 or answered_bits & ~member_bits & other_bit > 0
            else not (member_bits & bit > 0 and member_bits & other_bit > 0)
                and not (answered_bits & ~member_bits & bit > 0 or answered_bits & ~member_bits & other_bit > 0)
        end
end;
