-- Employers' openings and hiring commitments under the filters, as they stood on $as_of. One row per accepted opening.
-- What is filled has no date of its own, so it can be told only on the delivery's own date (queries/service.py sees to it).
-- Parameters: $as_of, $region, $sector.
select
    opening_id,
    employer,
    source,
    sector,
    town,
    region,
    positions,
    posted_on,
    case when closed_on <= $as_of then closed_on end as closed_on,
    filled,
    filled_by_participants
from openings
where posted_on <= $as_of
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
