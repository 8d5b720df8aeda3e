-- Positions filled. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, filled as amount
from openings_as_of
