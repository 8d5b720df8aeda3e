-- The median amount, its quartiles and the number of rows, as median_of_rows in queries/aggregations/. One row per key.
-- A quantile between two amounts is interpolated: of n amounts its position is share × (n - 1), counted from 0.
select
    key,
    middle_low + (middle_high - middle_low) * (0.5 * (total - 1) - floor(0.5 * (total - 1))) as value,
    cast(total as bigint) as denominator,
    first_low + (first_high - first_low) * (0.25 * (total - 1) - floor(0.25 * (total - 1))) as quartile_low,
    third_low + (third_high - third_low) * (0.75 * (total - 1) - floor(0.75 * (total - 1))) as quartile_high,
    cast(inside as bigint) as inside
from (
    select
        key,
        total,
        sum(inside) as inside,
        min(amount) filter (where so_far > floor(0.5 * (total - 1))) as middle_low,
        min(amount) filter (where so_far > ceil(0.5 * (total - 1))) as middle_high,
        min(amount) filter (where so_far > floor(0.25 * (total - 1))) as first_low,
        min(amount) filter (where so_far > ceil(0.25 * (total - 1))) as first_high,
        min(amount) filter (where so_far > floor(0.75 * (total - 1))) as third_low,
        min(amount) filter (where so_far > ceil(0.75 * (total - 1))) as third_high
    from ranked
    group by key, total
) as places
order by key
