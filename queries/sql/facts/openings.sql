-- Openings and hiring commitments. One row per opening, dated by its posting; amount: its positions.
select postings.*, posted_on as dated_on, positions as amount
from postings
