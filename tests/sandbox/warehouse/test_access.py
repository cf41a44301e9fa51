"""Roles are enforced: what each may read, change and see."""
# ruff: noqa: S608 - the statements are the test data

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

FCT = "ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS"
RAW = "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"


@pytest.mark.parametrize(
    ("statement", "on"),
    [
        (f"DELETE FROM {FCT}", "table 'FCT_ORDERS'"),
        (f"UPDATE {FCT} SET STATUS = 'x'", "table 'FCT_ORDERS'"),
        (f"INSERT INTO {FCT} SELECT * FROM {FCT}", "table 'FCT_ORDERS'"),
        (f"TRUNCATE TABLE {FCT}", "table 'FCT_ORDERS'"),
        (f"DROP TABLE {FCT}", "table 'FCT_ORDERS'"),
        (f"ALTER TABLE {FCT} ADD COLUMN X INT", "table 'FCT_ORDERS'"),
        (f"MERGE INTO {FCT} t USING {RAW} r ON t.ORDER_ID = r.ORDER_ID WHEN MATCHED THEN DELETE", "table 'FCT_ORDERS'"),
        (f"DELETE FROM IDENTIFIER('{FCT}')", "table 'FCT_ORDERS'"),
        ("CREATE TABLE ECOMMERCE_ANALYTICS.MARTS.X (A INT)", "schema 'MARTS'"),
        (f"CREATE OR REPLACE VIEW ECOMMERCE_ANALYTICS.MARTS.X AS SELECT * FROM {FCT}", "schema 'MARTS'"),
        ("CREATE SCHEMA ECOMMERCE_ANALYTICS.X", "database 'ECOMMERCE_ANALYTICS'"),
        ("DROP SCHEMA ECOMMERCE_ANALYTICS.MARTS", "schema 'MARTS'"),
        ("ALTER WAREHOUSE LOADING_WH SUSPEND", "warehouse 'LOADING_WH'"),
        ("ALTER WAREHOUSE LOADING_WH SET WAREHOUSE_SIZE = LARGE", "warehouse 'LOADING_WH'"),
        ("ALTER RESOURCE MONITOR LOADING_MONITOR SET CREDIT_QUOTA = 1", "resource monitor 'LOADING_MONITOR'"),
        (f"GRANT ALL ON TABLE {FCT} TO ROLE RUNBOOK_READ", "table 'FCT_ORDERS'"),
        ("GRANT ROLE ACCOUNTADMIN TO USER SVC_RUNBOOK", "role 'ACCOUNTADMIN'"),
        ("CREATE ROLE MINE", "account 'SANDBOX'"),
    ],
)
def test_read_role_changes_nothing(server: Any, refused: Any, statement: str, on: str) -> None:
    """The probes' role is refused every change with 003001, which names the object."""
    with pytest.raises(refused) as caught:
        server.connect("SVC_RUNBOOK").ask(statement)
    assert (caught.value.errno, caught.value.sqlstate) == (3001, "42501")
    assert f"Insufficient privileges to operate on {on}" in caught.value.message


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM ECOMMERCE_ANALYTICS.MARTS.NO_SUCH",
        "SELECT * FROM ECOMMERCE_ANALYTICS.NO_SUCH.T",
        "SELECT * FROM NO_SUCH.PUBLIC.T",
        "SELECT * FROM ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS",
        "SELECT (SELECT MAX(ORDER_ID) FROM ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS)",
        "WITH a AS (SELECT * FROM ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS) SELECT * FROM a",
        "SET x = (SELECT MAX(ORDER_ID) FROM ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS)",
        "SELECT * FROM IDENTIFIER('ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS')",
        "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY",
        "DESC TABLE ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS",
    ],
)
def test_missing_or_unseen(server: Any, refused: Any, statement: str) -> None:
    """What is not there, and what the role may not know of, get the same 002003."""
    with pytest.raises(refused, match="does not exist or not authorized") as caught:
        server.connect("ANALYST_KIM").ask(statement)
    assert caught.value.errno == 2003


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM TABLE(READ_TEXT('/etc/passwd'))",
        "ATTACH 'x' AS y",
        "EXPLAIN SELECT 1",
    ],
)
def test_no_way_around(server: Any, refused: Any, statement: str) -> None:
    """What the engine could do besides Snowflake is not reachable."""
    with pytest.raises(refused):
        server.connect("SVC_RUNBOOK").ask(statement)


def test_named_query_hides_a_table(server: Any) -> None:
    """A WITH query may have the name of a table the role cannot read."""
    client = server.connect("ANALYST_KIM", schema="STAGING")
    assert client.ask("WITH STG_ORDERS AS (SELECT 1 AS A) SELECT A FROM STG_ORDERS").one() == 1


def test_future_grants_reach_new_tables(server: Any) -> None:
    """A table that dbt makes is read by the roles with a future grant, and by no others."""
    server.connect("SVC_ECOMMERCE_DBT").ask("CREATE TABLE ECOMMERCE_ANALYTICS.MARTS.NEW_ONE AS SELECT 1 AS A")
    for user in ("SVC_RUNBOOK", "ANALYST_KIM"):
        assert server.connect(user).ask("SELECT A FROM ECOMMERCE_ANALYTICS.MARTS.NEW_ONE").one() == 1


def test_schema_grants_win_over_database_grants(server: Any, refused: Any) -> None:
    """Where a schema has future grants for tables, those of its database do not apply (documented)."""
    admin = server.connect("PLATFORM_ADMIN")
    admin.ask("CREATE ROLE READER")
    admin.ask("GRANT ROLE READER TO USER ANALYST_KIM")
    admin.ask("GRANT SELECT ON FUTURE TABLES IN DATABASE ECOMMERCE_ANALYTICS TO ROLE READER")
    server.connect("SVC_ECOMMERCE_DBT").ask("CREATE TABLE ECOMMERCE_ANALYTICS.MARTS.NEW_TWO (A INT)")
    granted = {
        row["grantee_name"] for row in admin.ask("SHOW GRANTS ON TABLE ECOMMERCE_ANALYTICS.MARTS.NEW_TWO").records()
    }
    assert granted == {"ECOMMERCE_TRANSFORMER", "ANALYST", "REPORTER", "RUNBOOK_READ"}


def test_revoke_and_grant(server: Any, refused: Any) -> None:
    """Runbook 7 in full: the missing privilege refuses dbt, the grant cures it, SHOW GRANTS ON shows it."""
    admin, dbt = server.connect("PLATFORM_ADMIN"), server.connect("SVC_ECOMMERCE_DBT")
    model = "create or replace transient table ECOMMERCE_ANALYTICS.MARTS.fct_new as (select 1 as a)"
    admin.ask("REVOKE CREATE TABLE ON SCHEMA ECOMMERCE_ANALYTICS.MARTS FROM ROLE ECOMMERCE_TRANSFORMER")
    with pytest.raises(refused, match="Insufficient privileges to operate on schema 'MARTS'"):
        dbt.ask(model)
    admin.ask("GRANT CREATE TABLE ON SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER")
    assert dbt.ask(model).rows == [("Table FCT_NEW successfully created.",)]
    found = admin.ask("SHOW GRANTS ON SCHEMA ECOMMERCE_ANALYTICS.MARTS").records()
    assert ("CREATE TABLE", "ECOMMERCE_TRANSFORMER") in {(r["privilege"], r["grantee_name"]) for r in found}


def test_role_hierarchy(server: Any, refused: Any) -> None:
    """A role granted to a role passes its privileges upward."""
    admin, kim = server.connect("PLATFORM_ADMIN"), server.connect("ANALYST_KIM")
    with pytest.raises(refused):
        kim.ask("SHOW GRANTS ON WAREHOUSE TRANSFORM_WH")
    admin.ask("GRANT ROLE ECOMMERCE_TRANSFORMER TO ROLE ANALYST")
    assert kim.ask("SELECT COUNT(*) FROM ECOMMERCE_ANALYTICS.STAGING.STG_ORDERS").one() > 1000
    assert ("ANALYST", "ROLE") in {
        (r["grantee_name"], r["granted_to"]) for r in admin.ask("SHOW GRANTS OF ROLE ECOMMERCE_TRANSFORMER").records()
    }
    with pytest.raises(refused, match="cycle"):
        admin.ask("GRANT ROLE ANALYST TO ROLE ECOMMERCE_TRANSFORMER")


def test_change_role_reads_no_rows(server: Any, refused: Any) -> None:
    """The remedies' role operates warehouses but sees no table."""
    change = server.connect("SVC_RUNBOOK", role="RUNBOOK_CHANGE")
    change.ask("ALTER WAREHOUSE LOADING_WH RESUME IF SUSPENDED")
    with pytest.raises(refused, match="does not exist or not authorized"):
        change.ask(f"SELECT 1 FROM {RAW}")


def test_grants_of_users(server: Any) -> None:
    """SHOW GRANTS TO USER lists roles; a user sees its own without asking for a name."""
    client = server.connect("SVC_RUNBOOK")
    for statement in ("SHOW GRANTS TO USER SVC_RUNBOOK", "SHOW GRANTS"):
        assert {r["role"] for r in client.ask(statement).records()} == {"RUNBOOK_READ", "RUNBOOK_CHANGE"}


def test_temporary_tables(server: Any) -> None:
    """A temporary table is its session's own and needs no privilege to read or change."""
    loader = server.connect("SVC_LOADER", schema="POSTGRES")
    loader.ask("CREATE TEMPORARY TABLE MINE (A INT)")
    loader.ask("INSERT INTO MINE VALUES (1), (2)")
    assert loader.ask("SELECT SUM(A) FROM MINE").one() == 3


def test_the_catalogue_names_each_tables_owner(server: Any) -> None:
    """INFORMATION_SCHEMA.TABLES tells whose a table is, in whatever database, and follows GRANT OWNERSHIP."""
    client = server.connect("SVC_RUNBOOK")
    owners = "SELECT TABLE_OWNER FROM {}.INFORMATION_SCHEMA.TABLES t WHERE t.TABLE_SCHEMA = '{}' AND TABLE_NAME = '{}'"
    assert client.ask(owners.format("ECOMMERCE_RAW", "POSTGRES", "RAW_ORDERS")).one() == "ECOMMERCE_LOADER"
    assert client.ask(owners.format("ECOMMERCE_ANALYTICS", "MARTS", "FCT_ORDERS")).one() == "ECOMMERCE_TRANSFORMER"
    server.connect("PLATFORM_ADMIN").ask(f"GRANT OWNERSHIP ON TABLE {RAW} TO ROLE SYSADMIN")
    assert client.ask(owners.format('"ECOMMERCE_RAW"', "POSTGRES", "RAW_ORDERS")).one() == "SYSADMIN"
