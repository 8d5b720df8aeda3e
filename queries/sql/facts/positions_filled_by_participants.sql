-- Positions filled by residents who took part. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, filled_by_participants as amount
from openings_as_of
