-- Map records to enrollments. docs/pirl.md describes, element by element, what is mapped and what is lost.
-- Grain: one row per record of the file.
-- A date that is not YYYYMMDD does not change, and a code that the record layout does not define becomes "code …": neither fits
-- its column, so that the row is quarantined with the reason. views/periods.sql checks codes that involve several columns.
-- 9 (did not disclose) is null.
select
    period as enrollment_id,
    e100 as participant_id,
    initiative,
    case lpad(e1303, 2, '0')
        when '01' then 'On-the-job training'
        when '02' then 'Skill upgrading'
        when '03' then 'Entrepreneurial training'
        when '04' then 'Basic education or English with training'
        when '05' then 'Customized training'
        when '06' then 'Occupational skills training'
        when '07' then 'Basic education or English without training'
        when '08' then 'Prerequisite training'
        when '09' then 'Registered apprenticeship'
        when '10' then 'Youth occupational skills training'
        when '11' then 'Other training'
        when '12' then 'Job readiness training with other training'
    end as program,
    e1301 as provider,
    coalesce(six.sector, four.sector, two.sector) as sector,
    region,
    regexp_replace(inquired_on, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\1-\2-\3') as applied_on,
    regexp_replace(e900, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\1-\2-\3') as enrolled_on,
    regexp_replace(e1302, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\1-\2-\3') as started_on,
    case
        when regexp_matches(concat(e210, e211, e212, e213, e214, e215), '[^019]') then 'code in 210 to 215'
        when '1' in (e210, e211, e212, e213, e214) then 'true'
        when e215 = '1' and e210 = '0' then 'false'
    end as bipoc,
    case e202 when '1' then 'true' when '0' then 'false' when '9' then null else 'code ' || e202 end as disability,
    case e801 when '1' then 'true' when '0' then 'false' when '9' then null else 'code ' || e801 end as reentry,
    case
        when age not between 16 and 24 or e409 in ('1', '2', '3') or e400 in ('1', '2') then 'false'
        when age between 16 and 24 and e409 in ('4', '5', '6') and e400 in ('0', '3') then 'true'
    end as opportunity_youth,
    case e300 when '1' then 'true' when '0' then 'false' when '9' then null else 'code ' || e300 end as veteran,
    case e201 when '2' then 'true' when '1' then 'false' when '9' then null else 'code ' || e201 end as woman,
    left(replace(unknown_code, ';', ','), 60) as set_aside
from periods
-- The longest code of the crosswalk that the program's CIP code begins with.
left join cip_sectors as six on six.cip = cip_code
left join cip_sectors as four on four.cip = left(cip_code, 4)
left join cip_sectors as two on two.cip = left(cip_code, 2)
