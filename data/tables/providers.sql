-- The training providers that residents applied to, by name. One row per provider.
select distinct provider
from store.enrollments
where provider is not null
order by provider
