-- The applications of residents with three or more: of these, counting pairs takes off too much. One row per application.
create table store.rollup_more as
select *
from repeated
where resident in (select resident from repeated group by resident having count(*) > 2)
