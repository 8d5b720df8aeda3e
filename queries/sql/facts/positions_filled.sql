-- Positions filled. One row per opening, dated by its posting.
select postings.*, posted_on as dated_on, filled as amount
from postings
