-- Sixty days of a shop, up to this minute: the same customers, baskets and amounts at every start (setseed),
-- only the days move along. Run as shop_app, in one session.

SELECT setseed(0.42);

INSERT INTO customers (customer_id, email, full_name, country, created_at, updated_at)
SELECT
    n,
    'customer' || n || '@example.com',
    (ARRAY['Ada', 'Bela', 'Chidi', 'Dana', 'Emre', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas'])[1 + n % 10] || ' '
    || (ARRAY['Okafor', 'Meyer', 'Rossi', 'Silva', 'Novak', 'Larsen', 'Demir', 'Costa', 'Weber'])[1 + n % 9],
    (ARRAY['DE', 'DE', 'DE', 'FR', 'FR', 'IT', 'ES', 'NL', 'AT', 'PL'])[1 + (random() * 9)::int],
    joined,
    joined
FROM generate_series(1, 8000) AS n, LATERAL (SELECT now() - (random() * 600 + n % 3) * interval '1 day') AS j (joined);

-- How busy each day was (weekly wave), and when today each order came in: never in the future.
CREATE TEMPORARY TABLE drafts ON COMMIT PRESERVE ROWS AS
SELECT
    row_number() OVER (ORDER BY age DESC, moment, n) AS order_id,
    age,
    date_trunc('day', now()) - age * interval '1 day'
    + moment * CASE WHEN age = 0 THEN now() - date_trunc('day', now()) ELSE interval '1 day' END AS placed,
    1 + (random() * 7999)::bigint AS customer_id,
    random() AS fate
FROM (
    SELECT age, n, random() AS moment
    FROM generate_series(59, 0, -1) AS age, generate_series(1, 850 + (age % 7) * 55) AS n
) AS days;

CREATE TEMPORARY TABLE baskets ON COMMIT PRESERVE ROWS AS
SELECT
    order_id,
    'SKU-' || lpad((1 + (random() * 399)::int)::text, 4, '0') AS sku,
    1 + (random() * 2)::int AS quantity,
    (4 + random() * 90)::numeric(10, 2) AS unit_price
FROM drafts, generate_series(1, 1 + order_id % 3);

INSERT INTO orders (order_id, customer_id, status, total_amount, created_at, updated_at)
SELECT
    order_id,
    customer_id,
    CASE WHEN fate < 0.03 THEN 'cancelled'
         WHEN age > 5 THEN 'delivered'
         WHEN age > 1 THEN 'shipped'
         WHEN fate < 0.2 THEN 'placed'
         ELSE 'paid' END,
    total,
    placed,
    least(now(), placed + fate * least(age, 6) * interval '1 day')
FROM drafts
JOIN (SELECT order_id, sum(quantity * unit_price) AS total FROM baskets GROUP BY order_id) AS sums USING (order_id);

INSERT INTO order_items (order_id, sku, quantity, unit_price, updated_at)
SELECT order_id, sku, quantity, unit_price, placed FROM baskets JOIN drafts USING (order_id) ORDER BY order_id;

INSERT INTO payments (order_id, stripe_charge_id, method, status, amount, created_at, updated_at)
SELECT
    order_id,
    'ch_' || substr(md5(order_id::text), 1, 24),
    (ARRAY['card', 'card', 'card', 'sepa_debit', 'klarna'])[1 + (order_id % 5)],
    CASE status WHEN 'cancelled' THEN 'refunded' ELSE 'succeeded' END,
    total_amount,
    created_at,
    updated_at
FROM orders WHERE status <> 'placed' ORDER BY order_id;

-- What the shop's own queries and the extract ("what changed since …") look rows up by.
CREATE INDEX orders_updated_at ON orders (updated_at);
CREATE INDEX orders_customer_id ON orders (customer_id);
CREATE INDEX order_items_order_id ON order_items (order_id);
CREATE INDEX payments_updated_at ON payments (updated_at);

-- Checked once here rather than row by row above: half the start-up time.
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders;
ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders;

SELECT setval(pg_get_serial_sequence('customers', 'customer_id'), max(customer_id)) FROM customers;
SELECT setval(pg_get_serial_sequence('orders', 'order_id'), max(order_id)) FROM orders;

ANALYZE customers, orders, order_items, payments;
