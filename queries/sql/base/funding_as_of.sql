-- The funding ledger under the filters: the base of every measure of dollars.
-- One row per accepted ledger transaction posted by $as_of. Unit: US dollars; negative amounts are corrections.
-- Parameters: $as_of, $initiative, $region, $sector.
select
    transaction_id,
    award_id,
    recipient,
    initiative,
    region,
    sector,
    category,
    kind,
    amount,
    posted_on as dated_on
from funding
where posted_on <= $as_of
    and ($initiative is null or initiative = $initiative)
    and ($region is null or region = $region)
    and ($sector is null or sector = $sector)
