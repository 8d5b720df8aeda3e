-- What every select of this layout reads: the record as it came, and what several columns are made from.
-- Grain: one row per record, one person's one period of participation. Blank values are null already.
with coded as (
    select
        *,
        -- A spreadsheet drops leading zeros; 99999 is a liable state's record, not a board.
        case
            when ltrim(e108a, '0') in ('', '99999') then null
            when regexp_full_match(e108a, '[0-9]{1,5}') then lpad(e108a, 5, '0')
            else upper(e108a)
        end as board_code,
        -- Several programs on one record: the one whose door is narrowest.
        case
            when e905 in ('1', '2', '3') then 'WIOA Youth'
            when e904 in ('1', '2', '3') then 'WIOA Dislocated Worker'
            when e932 = '1' then 'National Dislocated Worker Grant'
            when e903 in ('1', '2', '3') then 'WIOA Adult'
            when e918 = '1' then 'Wagner-Peyser Employment Service'
        end as takes_part_in,
        -- A reportable individual asked for services and has not (yet) taken part in the program.
        case
            when e905 = '4' then 'WIOA Youth'
            when e904 = '4' then 'WIOA Dislocated Worker'
            when e932 = '2' then 'National Dislocated Worker Grant'
            when e903 = '4' then 'WIOA Adult'
            when e918 = '2' then 'Wagner-Peyser Employment Service'
        end as asked_about
    from raw
),

dated as (
    select
        *,
        coalesce(takes_part_in, asked_about, 'Other program') as initiative,
        -- Only who never took part, and so has no date of program entry, is dated by the last contact.
        case when e900 is null and takes_part_in is null and asked_about is not null then e1007 else e900 end as asked_on,
        (try_cast(replace(e900, '-', '') as integer) - try_cast(replace(e200, '-', '') as integer)) // 10000 as years
    from coded
)

select
    dated.*,
    e100 || '-' || asked_on || '-' || initiative as period,
    case when years between 0 and 110 then years end as age,
    coalesce(by_code.region, by_name.region, board_code) as region,
    coalesce(by_code.board, by_name.board, e2701) as board,
    coalesce(by_code.source, by_name.source, 'Element 108-A of the delivery') as region_source
from dated
left join boards as by_code on by_code.code = board_code
-- The name decides only under a code of Connecticut (09): other states have boards of the same name.
left join boards as by_name on board_code like '09___' and lower(by_name.wib_name) = lower(e2701)
