-- The input of every select of this layout: the record as delivered, and the values that several columns use.
-- Grain: one row per record: a person's period of participation. Blank values are already null, and codes are whole
-- numbers without leading zeros (columns.csv says which columns hold codes).
with coded as (
    select
        *,
        -- A spreadsheet drops leading zeros; 99999 is a liable state's record, not a board.
        case
            when ltrim(e108a, '0') in ('', '99999') then null
            when regexp_full_match(e108a, '[0-9]{1,5}') then lpad(e108a, 5, '0')
            else upper(e108a)
        end as board_code,
        -- Several programs on a record: the program with the narrowest eligibility.
        case
            when e905 in ('1', '2', '3') then 'WIOA Youth'
            when e904 in ('1', '2', '3') then 'WIOA Dislocated Worker'
            when e932 = '1' then 'National Dislocated Worker Grant'
            when e903 in ('1', '2', '3') then 'WIOA Adult'
            when e918 = '1' then 'Wagner-Peyser Employment Service'
        end as takes_part_in,
        -- A reportable individual inquired about services and has not (yet) participated in the program.
        case
            when e905 = '4' then 'WIOA Youth'
            when e904 = '4' then 'WIOA Dislocated Worker'
            when e932 = '2' then 'National Dislocated Worker Grant'
            when e903 = '4' then 'WIOA Adult'
            when e918 = '2' then 'Wagner-Peyser Employment Service'
        end as inquired_about,
        -- A code that the record layout does not define is unknown: the record is quarantined, never read as a default.
        case
            when e903 not in ('0', '1', '2', '3', '4') then 'element 903 has the unknown code ' || e903
            when e904 not in ('0', '1', '2', '3', '4') then 'element 904 has the unknown code ' || e904
            when e905 not in ('0', '1', '2', '3', '4') then 'element 905 has the unknown code ' || e905
            when e918 not in ('0', '1', '2', '9') then 'element 918 has the unknown code ' || e918
            when e932 not in ('0', '1', '2', '9') then 'element 932 has the unknown code ' || e932
            when e400 not in ('0', '1', '2', '3') then 'element 400 has the unknown code ' || e400
            when e409 not in ('1', '2', '3', '4', '5', '6') then 'element 409 has the unknown code ' || e409
            when e1303 not in ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12')
                then 'element 1303 has the unknown code ' || e1303
            when e200 is not null and not regexp_full_match(replace(e200, '-', ''), '[0-9]{8}')
                then 'element 200 is not a date as YYYYMMDD'
            when e108a is not null and not regexp_full_match(e108a, '[0-9]{1,5}') and e108a not like '%[a-zA-Z]%'
                and regexp_full_match(e108a, '[-0-9.,eE+]+') then 'element 108-A is not a board code: ' || e108a
        end as unknown_code
    from raw
),

dated as (
    select
        *,
        coalesce(takes_part_in, inquired_about, 'Other program') as initiative,
        -- A person who never participated has no date of program entry and is dated by the last contact.
        case when e900 is null and takes_part_in is null and inquired_about is not null then e1007 else e900 end as inquired_on,
        (try_cast(replace(e900, '-', '') as integer) - try_cast(replace(e200, '-', '') as integer)) // 10000 as years
    from coded
)

select
    dated.*,
    e100 || '-' || inquired_on || '-' || initiative as period,
    case when years between 0 and 110 then years end as age,
    -- 51.3902, 513902 and 513902.0 are the same code of the Classification of Instructional Programs; a spreadsheet makes 51.39 of
    -- 51.3900, and 1.0101 of 01.0101.
    case
        when regexp_full_match(e1305, '[0-9]{5,6}([.]0+)?') then lpad(split_part(e1305, '.', 1), 6, '0')
        when regexp_full_match(e1305, '[0-9]{1,2}([.][0-9]{0,4})?')
            then lpad(split_part(e1305, '.', 1), 2, '0') || rpad(split_part(e1305, '.', 2), 4, '0')
    end as cip_code,
    coalesce(by_code.region, by_name.region, board_code) as region,
    coalesce(by_code.board, by_name.board, e2701) as board,
    coalesce(by_code.source, by_name.source, 'Element 108-A of the delivery') as region_source
from dated
left join boards as by_code on by_code.code = board_code
-- The name counts only under a code of Connecticut (09): other states have boards of the same name.
left join boards as by_name on board_code like '09___' and lower(by_name.wib_name) = lower(e2701)
