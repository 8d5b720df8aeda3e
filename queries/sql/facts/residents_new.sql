-- Residents at their first enrollment under the filters, so that months add up to the total.
-- One row per enrollment, dated by the resident's first.
select enrollments_as_of.*, min(enrolled_on) over (partition by resident) as dated_on
from enrollments_as_of
where enrolled_on is not null
