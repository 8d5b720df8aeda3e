-- The population benchmarks. One row per group, region (null = whole state) and definition; share as a fraction.
select *
from ref_benchmarks
order by group_id, region, is_default desc
