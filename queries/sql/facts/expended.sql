-- Dollars expended. One row per ledger transaction, dated by its posting. Unit: US dollars.
select *
from funding_as_of
where kind = 'expended'
