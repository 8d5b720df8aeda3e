-- Positions still open: of openings not closed, those not filled. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, greatest(positions - filled, 0) as amount
from openings_as_of
where closed_on is null
