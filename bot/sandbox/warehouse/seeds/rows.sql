-- Thirty days of the shop, up to this minute, the same at every start but for the days. DuckDB's SQL.
-- Order ids by day are those of the source database (850 + (age % 7) * 55 orders a day over sixty days), so that a
-- load of a day from there replaces that day here.
SELECT setseed(0.42);

CREATE TEMPORARY TABLE today AS SELECT now()::TIMESTAMP AS moment, date_trunc('day', now()::TIMESTAMP) AS midnight;

INSERT INTO ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS
SELECT
    n,
    'customer' || n || '@example.com',
    ['Ada', 'Bela', 'Chidi', 'Dana', 'Emre', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas'][1 + n % 10] || ' '
    || ['Okafor', 'Meyer', 'Rossi', 'Silva', 'Novak', 'Larsen', 'Demir', 'Costa', 'Weber'][1 + n % 9],
    ['DE', 'FR', 'IT', 'ES', 'NL'][1 + n % 5],
    joined,
    joined,
    joined + INTERVAL 5 HOUR
FROM (SELECT n, moment - to_hours(12 + (n * 7919) % 14000) AS joined FROM range(1, 8001) AS r (n), today);

CREATE TEMPORARY TABLE drafts AS
SELECT
    row_number() OVER (ORDER BY age DESC, moment_of_day, n) AS order_id,
    age,
    midnight - to_days(age::INTEGER)
    + to_microseconds((moment_of_day * CASE WHEN age = 0 THEN epoch_us(moment) - epoch_us(midnight) ELSE 86400000000 END)::BIGINT)
    AS placed,
    1 + (random() * 7999)::BIGINT AS customer_id,
    random() AS fate,
    (8 + random() * 190)::DECIMAL(12, 2) AS amount
FROM (
    SELECT age, n, random() AS moment_of_day
    FROM range(0, 60) AS ages (age), LATERAL (SELECT unnest(range(1, 851 + (age % 7) * 55)) AS n)
), today;

INSERT INTO ECOMMERCE_RAW.POSTGRES.RAW_ORDERS
SELECT
    order_id,
    customer_id,
    CASE WHEN fate < 0.03 THEN 'cancelled'
         WHEN age > 5 THEN 'delivered'
         WHEN age > 1 THEN 'shipped'
         WHEN fate < 0.2 THEN 'placed'
         ELSE 'paid' END,
    'EUR',
    amount,
    placed,
    least(moment, placed + to_hours((fate * least(age, 6) * 24)::INTEGER)) AS updated,
    least(moment, date_trunc('day', updated) + INTERVAL 29 HOUR)
FROM drafts, today
WHERE age < 30;

INSERT INTO ECOMMERCE_RAW.POSTGRES.RAW_ORDER_ITEMS
SELECT
    row_number() OVER (ORDER BY ORDER_ID, n),
    ORDER_ID,
    'SKU-' || lpad((1 + (ORDER_ID * 31 + n * 7) % 400)::VARCHAR, 4, '0'),
    1 + (ORDER_ID + n) % 3,
    (TOTAL_AMOUNT / (1 + ORDER_ID % 3))::DECIMAL(10, 2),
    CREATED_AT,
    _LOADED_AT
FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS, LATERAL (SELECT unnest(range(0, 1 + (ORDER_ID % 3)::BIGINT)) AS n);

INSERT INTO ECOMMERCE_RAW.POSTGRES.RAW_PAYMENTS
SELECT
    ORDER_ID,
    ORDER_ID,
    'ch_' || substr(md5(ORDER_ID::VARCHAR), 1, 24),
    ['card', 'card', 'card', 'sepa_debit', 'klarna'][1 + (ORDER_ID % 5)::INTEGER],
    CASE STATUS WHEN 'cancelled' THEN 'refunded' ELSE 'succeeded' END,
    TOTAL_AMOUNT,
    CURRENCY,
    CREATED_AT,
    UPDATED_AT,
    _LOADED_AT
FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS
WHERE STATUS <> 'placed';

INSERT INTO ECOMMERCE_RAW.STRIPE.RAW_PAYMENTS
SELECT STRIPE_CHARGE_ID, AMOUNT, lower(CURRENCY), STATUS, CREATED_AT, UPDATED_AT, _LOADED_AT
FROM ECOMMERCE_RAW.POSTGRES.RAW_PAYMENTS;

INSERT INTO ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS
SELECT ORDER_ID, CUSTOMER_ID, STATUS, CURRENCY, TOTAL_AMOUNT, CREATED_AT::DATE FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS;

INSERT INTO ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE
SELECT ORDER_DATE, count(*), count(DISTINCT CUSTOMER_ID), sum(TOTAL_AMOUNT)
FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS
WHERE STATUS <> 'cancelled'
GROUP BY ORDER_DATE;

INSERT INTO ECOMMERCE_ANALYTICS.MARTS.DIM_CUSTOMERS
SELECT c.CUSTOMER_ID, c.FULL_NAME, c.COUNTRY, count(o.ORDER_ID), coalesce(sum(o.TOTAL_AMOUNT), 0), max(o.ORDER_DATE)
FROM ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS AS c
LEFT JOIN ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS AS o ON o.CUSTOMER_ID = c.CUSTOMER_ID AND o.STATUS <> 'cancelled'
GROUP BY ALL;

DROP TABLE drafts;
DROP TABLE today;
