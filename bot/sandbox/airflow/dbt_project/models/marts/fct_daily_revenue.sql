select
    order_date as date,
    count(*) as orders,
    count(distinct customer_id) as customers,
    sum(total_amount) as revenue
from {{ ref('fct_orders') }}
where status <> 'cancelled'
group by order_date
