with totals as (
    select customer_id, count(*) as orders, sum(total_amount) as revenue, max(order_date) as last_order
    from {{ ref('fct_orders') }}
    where status <> 'cancelled'
    group by customer_id
)

select
    customers.customer_id,
    customers.full_name,
    customers.country,
    coalesce(totals.orders, 0) as orders,
    coalesce(totals.revenue, 0) as revenue,
    totals.last_order
from {{ ref('stg_customers') }} as customers
left join totals on customers.customer_id = totals.customer_id
