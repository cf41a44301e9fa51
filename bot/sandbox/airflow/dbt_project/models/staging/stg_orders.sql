-- The newest version of every order; a rerun of a day adds no second one.
with versions as (
    select
        order_id,
        customer_id,
        status,
        currency,
        total_amount,
        created_at,
        updated_at,
        row_number() over (partition by order_id order by updated_at desc, _loaded_at desc) as version
    from {{ source('shop', 'raw_orders') }}
)

select order_id, customer_id, status, currency, total_amount, created_at, updated_at
from versions
where version = 1
