-- The rollups, empty: counts prepared when a delivery is published, so that no page reads residents one by one.
-- Every count is as of the delivery's date. `side` says whom it is about (tally_sides); months and days are the events'.
-- One row per fact, place, time and side. Places have the types of the rows they are counted from.
create table tally_sums as
select '' as what, cast(0 as utinyint) as side, initiative, region, sector, applied_on as month, 0 as n, 0 as known, 0 as hits
from enrollments limit 0;

create table tally_days as
select '' as what, initiative, region, sector, applied_on as day, 0 as n, 0 as known, 0 as hits
from enrollments limit 0;

create table tally_cells as
select
    '' as what, cast(0 as utinyint) as side, initiative, region, sector, cast(program as varchar) as program,
    cast(provider as varchar) as provider, applied_on as month,
    0 as n, 0 as known, 0 as hits
from enrollments limit 0;

create table tally_firsts as
select
    '' as what, cast(0 as utinyint) as shape, '' as extra, cast(0 as utinyint) as side, initiative, region, sector, '' as name,
    applied_on as month, applied_on as before, 0 as n
from enrollments limit 0;

create table tally_first_days as
select '' as what, cast(0 as utinyint) as shape, initiative, region, sector, applied_on as day, 0 as n
from enrollments limit 0;

create table tally_pairs as
select
    '' as what, cast(0 as utinyint) as shape, cast(0 as utinyint) as side, initiative, region, sector, applied_on as month,
    applied_on as later, 0 as hh, 0 as hm, 0 as mm
from enrollments limit 0;

create table tally_values as
select '' as what, initiative, region, sector, cast(0 as double) as amount, 0 as inside, 0 as n
from enrollments limit 0;
