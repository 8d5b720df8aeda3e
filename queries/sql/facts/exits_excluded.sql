-- Exits that leave every denominator: died, institutionalized, called to service. One row per exit, dated by the exit.
select enrollments_as_of.*, exited_on as dated_on
from enrollments_as_of
where outcome = 'excluded'
