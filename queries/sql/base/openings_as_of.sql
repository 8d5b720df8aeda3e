-- Employers' openings and hiring commitments under the filters, as of $as_of. One row per accepted opening.
-- Filled positions have no date, so they are known only on the delivery's own date (queries/service.py checks this).
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
