-- The tallies into the store, in one go: written piece by piece they take three times the room. Places become texts again.
-- One row per row of each table.
create table store.tally_sums as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_sums;

create table store.tally_days as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_days;

create table store.tally_cells as
select
    * replace (
        cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector,
        cast(program as varchar) as program, cast(provider as varchar) as provider
    )
from tally_cells;

create table store.tally_firsts as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_firsts;

create table store.tally_first_days as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_first_days;

create table store.tally_pairs as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_pairs;

create table store.tally_values as
select * replace (cast(initiative as varchar) as initiative, cast(region as varchar) as region, cast(sector as varchar) as sector)
from tally_values;
