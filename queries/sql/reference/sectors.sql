-- The sectors and the dates they are valid. One row per sector.
select sector, valid_from, valid_until
from ref_sectors
