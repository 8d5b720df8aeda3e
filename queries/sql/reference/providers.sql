-- The training providers that residents applied to, by name. One row per provider.
select provider
from providers
order by provider
