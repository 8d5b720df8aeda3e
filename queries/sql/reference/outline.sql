-- The schematic outline of the state, in degrees, in drawing order. One row per corner.
select latitude, longitude
from ref_outline
