-- What the check noticed without quarantining rows. One row per notice.
select table_name, notice
from check_notices
