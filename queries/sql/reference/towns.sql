-- The towns, their regions, centers (degrees), population and land (square kilometers). One row per town.
select town, region, population, latitude, longitude, land_km2
from ref_towns
order by town
