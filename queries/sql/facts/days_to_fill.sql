-- Days from posting to closing, of openings closed with every position filled. One row per opening, dated by its posting.
select openings_as_of.*, posted_on as dated_on, closed_on - posted_on as amount, true as is_inside
from openings_as_of
where closed_on is not null and filled = positions
