-- Residents and the initiatives they came into contact with. One row per resident, initiative and region, dated by the first contact.
select initiative_contacts.*, met_on as dated_on
from initiative_contacts
