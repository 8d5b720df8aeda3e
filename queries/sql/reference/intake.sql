-- The organizations that refer residents. One row per board or community-based organization.
select intake, kind, region
from ref_intake
order by kind, intake
