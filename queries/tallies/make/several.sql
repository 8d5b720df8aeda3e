-- The events of residents with more than one in the stream: the only ones that can count twice. One row per event.
create temp table several as
select stream.*, row_number() over () as number
from stream
inner join (select resident from stream group by resident having count(*) > 1) as residents using (resident)
