-- The population benchmarks. One row per group, region (null = whole state) and definition; share as a fraction.
select group_id, region, share, base, definition, is_default, source, year
from ref_benchmarks
order by group_id, region, is_default desc
