-- Dollars allocated. One row per ledger transaction, dated by its posting. Unit: US dollars.
select *
from ledger
where kind = 'allocated'
