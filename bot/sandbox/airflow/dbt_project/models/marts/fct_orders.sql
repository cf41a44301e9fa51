select
    orders.order_id,
    orders.customer_id,
    orders.status,
    orders.currency,
    orders.total_amount,
    cast(orders.created_at as date) as order_date
from {{ ref('stg_orders') }} as orders
