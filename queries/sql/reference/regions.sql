-- The workforce regions and their boards, in the order of the reference file. One row per region.
select region, board, board_short
from ref_regions
