-- A copy of the enrollments for counting: grouping columns as enums, and no text that nothing counts. Grouping by text
-- takes three times as long. One row per enrollment, in separate tables for residents with one enrollment and with several: only
-- the latter can be counted twice.
create type initiatives as enum (select distinct initiative from store.enrollments where initiative is not null order by initiative);
create type regions as enum (select distinct region from store.enrollments where region is not null order by region);
create type sectors as enum (select distinct sector from store.enrollments where sector is not null order by sector);
create type programs as enum (select distinct program from store.enrollments where program is not null order by program);
create type providers as enum (select distinct provider from store.enrollments where provider is not null order by provider);
create type towns as enum (select distinct town from store.enrollments where town is not null order by town);
create type intakes as enum (select distinct intake from store.enrollments where intake is not null order by intake);
create type outcomes as enum (select distinct outcome from store.enrollments where outcome is not null order by outcome);

create view encoded as
select
    * replace (
        cast(null as varchar) as enrollment_id,
        cast(initiative as initiatives) as initiative,
        cast(region as regions) as region,
        cast(sector as sectors) as sector,
        cast(program as programs) as program,
        cast(provider as providers) as provider,
        cast(town as towns) as town,
        cast(intake as intakes) as intake,
        cast(outcome as outcomes) as outcome,
        case when credential is not null then 'earned' end as credential
    )
from store.enrollments;

create table repeat_residents as
select resident
from store.enrollments
group by resident
having count(*) > 1;

create table repeat_enrollments as
select * from encoded where resident in (select resident from repeat_residents);

create table single_enrollments as
select * from encoded where resident not in (select resident from repeat_residents);

create view enrollments as
select * from single_enrollments
union all
select * from repeat_enrollments
