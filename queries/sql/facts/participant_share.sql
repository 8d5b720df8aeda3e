-- Positions filled by residents who took part, of positions filled. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, filled_by_participants as successes, filled as trials
from openings_as_of
