-- Positions filled, of positions in openings that have closed. One row per opening, dated by its posting.
select postings.*, posted_on as dated_on, filled as successes, positions as trials
from postings
where closed_on is not null
