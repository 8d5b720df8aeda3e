-- Which regions are in the delivery.
-- Grain: one row per region: a region of boards.csv, or else a local board's code from element 108-A.
select region, min(board) as board, min(board) as board_short, min(region_source) as source
from periods
where region is not null
group by region
order by region
