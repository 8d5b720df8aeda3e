-- What the check noticed without setting rows aside. One row per notice.
select table_name, notice
from check_notices
