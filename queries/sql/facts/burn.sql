-- Dollars expended in the last 90 days up to the as-of date. One row per ledger transaction. Unit: US dollars.
select *
from funding_as_of
where kind = 'expended' and dated_on > $as_of - interval 90 days
