-- Which records have exited, and how.
-- Grain: one row per record with a date of program exit (element 901).
-- Codes: 1307 is 1 completed, 0 withdrew; 1602 and 1606 are 9 while not yet known; 923 other than 00 leaves every rate.
-- Outcome is null where there was no training to complete. As in enrollments.sql, unknown values are reported, not guessed.
with attained as (
    select
        *,
        -- 0 is no credential; the first of the three with another code counts.
        case
            when ltrim(e1800, '0') <> '' then 1 when ltrim(e1802, '0') <> '' then 2 when ltrim(e1804, '0') <> '' then 3 else 1
        end as nth
    from periods
    where e901 is not null
),

credentials as (
    select
        *,
        case nth when 1 then nullif(ltrim(e1800, '0'), '') when 2 then ltrim(e1802, '0') else ltrim(e1804, '0') end as kind,
        case nth when 1 then e1801 when 2 then e1803 else e1805 end as attained_on
    from attained
)

select
    period as enrollment_id,
    regexp_replace(e901, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\1-\2-\3') as exited_on,
    case
        when kind not in ('1', '2', '3', '4', '5', '6', '7') then 'credential code ' || kind
        when ltrim(e923, '0') in ('1', '2', '3', '4', '5', '6', '7') then 'excluded'
        when ltrim(e923, '0') <> '' then 'exit code ' || e923
        when e1307 = '1' then 'completed'
        when e1307 = '0' then 'withdrew'
        else 'training code ' || e1307
    end as outcome,
    case kind
        when '1' then 'Secondary school diploma or equivalency'
        when '2' then 'Associate degree'
        when '3' then 'Bachelor''s degree'
        when '4' then 'Occupational license'
        when '5' then 'Occupational certificate'
        when '6' then 'Occupational certification'
        when '7' then 'Other recognized credential'
    end as credential,
    regexp_replace(attained_on, '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\1-\2-\3') as credential_on,
    case
        when e1602 in ('1', '2', '3') then 'true' when e1602 = '0' then 'false' when e1602 = '9' then null
        else 'code ' || e1602
    end as employed_q2,
    case
        when e1606 in ('1', '2', '3') then 'true' when e1606 = '0' then 'false' when e1606 = '9' then null
        else 'code ' || e1606
    end as employed_q4
from credentials
