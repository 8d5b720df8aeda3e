-- Residents and the initiatives they met. One row per resident, initiative and region, dated by the first meeting.
select initiative_contacts.*, met_on as dated_on
from initiative_contacts
