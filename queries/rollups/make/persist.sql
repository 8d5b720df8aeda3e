-- One tally into the store, in one go: written piece by piece it takes three times the room. Places become texts again.
-- One row per row of the tally.
create table store.{table} as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from {table}
