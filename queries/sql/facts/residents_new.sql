-- Residents at their first enrollment under the filters, so that months add up to the total.
-- One row per enrollment, dated by the resident's first.
select scoped.*, min(enrolled_on) over (partition by resident) as dated_on
from scoped
where enrolled_on is not null
