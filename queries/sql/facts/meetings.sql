-- Residents and the initiatives they met. One row per resident, initiative and region, dated by the first meeting.
select meetings.*, met_on as dated_on
from meetings
