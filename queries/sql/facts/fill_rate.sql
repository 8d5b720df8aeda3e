-- Positions filled, of positions in openings that have closed. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, filled as successes, positions as trials
from openings_as_of
where closed_on is not null
