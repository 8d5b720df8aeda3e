-- Write a rollup into the store in a single statement: written in pieces it takes three times the space. Places become text again.
-- One row per row of the rollup.
create table store.{table} as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from {table}
