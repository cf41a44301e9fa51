-- The newest version of every customer. rank, not row_number: of two versions with the same updated_at both stay,
-- which is the flaw the runbook's incident 3 is about, and the unique test finds it.
with versions as (
    select
        customer_id,
        email,
        full_name,
        country,
        created_at,
        updated_at,
        rank() over (partition by customer_id order by updated_at desc) as version
    from {{ source('shop', 'raw_customers') }}
)

select customer_id, email, full_name, country, created_at, updated_at
from versions
where version = 1
