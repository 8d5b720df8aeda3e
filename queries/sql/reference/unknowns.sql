-- What accepted enrollments do not record. One row. Parameters: $as_of, and those of the filters in force.
select
    count(*) as enrollments,
    count(*) - count(sector) as without_sector,
    count(*) - count(town) as without_town,
    count(*) - count(region) as without_region,
    count(*) - count(intake) as without_intake,
    count(mature_on) - count(case when mature_on is not null then employed_q2 end) as without_employment_q2,
    count(mature_on) as exits,
    count(case when planned_end_on <= $as_of then begun_on end) as overdue,
    count(begun_on) as begun
from (
    select
        *,
        -- employment in the second quarter after exit can be known once that quarter is over
        case when exited_on < date_trunc('quarter', $as_of + interval 1 day) - interval 6 months and outcome <> 'excluded'
            then exited_on end as mature_on,
        case when started_on <= $as_of and (exited_on is null or exited_on > $as_of) then started_on end as begun_on
    from enrollments
) as seen
where enrolled_on <= $as_of{filters}
