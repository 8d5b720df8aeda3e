-- The areas of the map: boundaries (WKT, degrees) and where their label goes. One row per town or region.
select kind, area, region, boundary, longitude, latitude, is_schematic, source
from ref_areas
order by kind, region, area
