-- Which regions are in the delivery.
-- Grain: one row per region: one of boards.csv, else a local board's code as found in element 108-A.
select region, min(board) as board, min(board) as board_short, min(region_source) as source
from periods
where region is not null
group by region
order by region
