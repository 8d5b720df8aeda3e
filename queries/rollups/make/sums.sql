-- Fact rows by place and month or quarter ($unit), for the sides from $first_side to $last_side. One row per side, place and month.
-- Parameter: $what.
insert into tally_sums
select $what, side, initiative, region, sector, month, sum(n), sum(known), sum(successes)
from (
    select
        initiative, region, sector, member_bits, answered_bits,
        cast(date_trunc($unit, dated_on) as date) as month,
        count(*) as n,
        count(is_hit) as known,
        count(*) filter (where is_hit) as successes
    from events
    group by initiative, region, sector, member_bits, answered_bits, cast(date_trunc($unit, dated_on) as date)
) as cells
inner join members using (member_bits, answered_bits)
where side between $first_side and $last_side
group by side, initiative, region, sector, month
order by side, initiative, region, sector, month
