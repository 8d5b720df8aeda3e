-- Openings and hiring commitments. One row per opening, dated by its posting; amount: positions.
select openings_as_of.*, posted_on as dated_on, positions as amount
from openings_as_of
