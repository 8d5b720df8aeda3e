-- Positions still open: of openings not closed, those not filled. One row per opening, dated by its posting.
select postings.*, posted_on as dated_on, greatest(positions - filled, 0) as amount
from postings
where closed_on is null
