"""Statements in general: one a call, bound values, result columns, earlier results, errors in Snowflake's words."""
# ruff: noqa: S608 - the statements are the test data

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox


def test_one_statement_a_call(any_connect: Callable[..., Any], refused: Any) -> None:
    """A second statement is refused and neither is carried out: an injection cannot ride along."""
    client = any_connect("SVC_LOADER", schema="POSTGRES")
    with pytest.raises(refused, match="Actual statement count 2 did not match the desired statement count 1") as caught:
        client.ask("SELECT 1; DELETE FROM RAW_ORDERS")
    assert caught.value.errno == 8
    assert client.ask("SELECT COUNT(*) FROM RAW_ORDERS; -- the end").one() > 20_000


def test_several_when_asked_for(server: Any) -> None:
    """num_statements carries out several; each has its own result."""
    cursor = server.connect("SVC_RUNBOOK").connection.cursor()
    cursor.execute("SELECT 1 AS A; SELECT 2 AS B", num_statements=2)
    first = cursor.fetchall()
    assert cursor.nextset()
    assert (first, cursor.fetchall()) == ([(1,)], [(2,)])


@pytest.mark.parametrize("paramstyle", ["pyformat", "qmark"])
def test_many_rows_and_hostile_values(server: Any, paramstyle: str) -> None:
    """Thousands of bound rows arrive as they are, whatever they hold."""
    client = server.connect("SVC_LOADER", schema="POSTGRES", paramstyle=paramstyle)
    mark = "?" if paramstyle == "qmark" else "%s"
    client.ask("CREATE TEMPORARY TABLE T (ID INT, NAME VARCHAR, DAY DATE, OK BOOLEAN, X FLOAT)")
    hostile = "x'; DROP TABLE T;--"
    rows = [(n, hostile if n == 7 else None, datetime.date(2026, 1, 1), n % 2 == 0, n / 4) for n in range(2000)]
    client.ask(f"INSERT INTO T VALUES ({', '.join([mark] * 5)})", many=rows)
    assert client.ask(f"SELECT * FROM T WHERE ID = {mark}", (7,)).rows == [rows[7]]
    assert client.ask("SELECT COUNT(*), COUNT(NAME) FROM T").rows == [(2000, 1)]


def test_bound_identifier(server: Any, refused: Any) -> None:
    """IDENTIFIER(?) takes a bound name, beside other bound values, and refuses what is no name."""
    client = server.connect("SVC_RUNBOOK", paramstyle="qmark")
    query = "SELECT ?, MAX(DATE) IS NOT NULL FROM IDENTIFIER(?) WHERE ORDERS > ?"
    assert client.ask(query, ("x", "ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE", 0)).rows == [("x", True)]
    with pytest.raises(refused, match="invalid identifier"):
        client.ask(query, ("x", "MARTS.FCT_ORDERS; DROP TABLE X", 0))


@pytest.mark.parametrize(
    ("projection", "name"),
    [
        ("max(orders)", "MAX(ORDERS)"),
        ("count(*)", "COUNT(*)"),
        ("orders  +\n 1", "ORDERS + 1"),
        ("'a'", "'A'"),
        ("orders::text", "ORDERS::TEXT"),
    ],
)
def test_names_of_columns(server: Any, projection: str, name: str) -> None:
    """A column without a name is called by its own text in upper case."""
    found = server.connect("SVC_RUNBOOK").ask(
        f"SELECT {projection} FROM ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE {'' if '(' in projection else 'LIMIT 1'}"
    )
    assert found.columns == [name]


def test_types_of_values(server: Any) -> None:
    """Values arrive in Python's types, the same names of columns twice included."""
    found = server.connect("SVC_RUNBOOK").ask(
        "SELECT 1 AS A, 2 AS A, 1.5::NUMBER(5,2) AS N, 'x' AS S, TRUE AS B, TO_DATE('2026-01-02') AS D, "
        "TO_TIMESTAMP_NTZ('2026-01-02 03:04:05') AS T, NULL AS Z, NULL::TIMESTAMP_LTZ AS L"
    )
    assert found.columns == ["A", "A", "N", "S", "B", "D", "T", "Z", "L"]
    assert [str(v) for v in found.rows[0][:6]] == ["1", "2", "1.50", "x", "True", "2026-01-02"]
    assert found.rows[0][6:] == (datetime.datetime(2026, 1, 2, 3, 4, 5), None, None)


def test_result_scan(any_connect: Callable[..., Any], refused: Any) -> None:
    """The last result is read again as a table, a SHOW's too; a stranger's or an unknown one is not."""
    client = any_connect("SVC_RUNBOOK")
    client.ask("SHOW WAREHOUSES")
    found = client.ask('SELECT "name" FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE "size" = \'Small\'')
    assert found.rows == [("TRANSFORM_WH",)]
    with pytest.raises(refused, match="not found"):
        client.ask("SELECT * FROM TABLE(RESULT_SCAN('0b1c'))")


@pytest.mark.parametrize(
    ("statement", "errno", "says"),
    [
        ("SELECT 1 +", 1003, "SQL compilation error"),
        ("SELECT NO_SUCH FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS", 904, "invalid identifier 'NO_SUCH'"),
        ("SELECT NO_SUCH_FUNCTION(1)", 2140, "Unknown function NO_SUCH_FUNCTION"),
        ("SELECT * FROM TABLE(INFORMATION_SCHEMA.NO_SUCH())", 1003, "Unknown user-defined table function"),
        ("CALL NO_SUCH()", 2, "Unsupported feature"),
    ],
)
def test_errors(server: Any, refused: Any, statement: str, errno: int, says: str) -> None:
    """What goes wrong has Snowflake's number and words, quickly, and never a server error."""
    with pytest.raises(refused) as caught:
        server.connect("SVC_RUNBOOK").ask(statement)
    assert caught.value.errno == errno
    assert says in caught.value.message


def test_use(server: Any, refused: Any) -> None:
    """USE moves the session; to something unseen it is refused and the session stays."""
    client = server.connect("SVC_RUNBOOK")
    client.ask("USE SCHEMA ECOMMERCE_RAW.POSTGRES")
    assert client.ask("SELECT COUNT(*) FROM RAW_CUSTOMERS").one() == 8000
    with pytest.raises(refused) as caught:
        client.ask("USE DATABASE NO_SUCH")
    assert caught.value.errno == 2043
    assert client.ask("SELECT CURRENT_DATABASE(), CURRENT_SCHEMA()").rows == [("ECOMMERCE_RAW", "POSTGRES")]


def test_dbt_statements(any_connect: Callable[..., Any]) -> None:
    """What dbt-snowflake sends for a run and a test is carried out for dbt's user."""
    client = any_connect("SVC_ECOMMERCE_DBT", database="ECOMMERCE_ANALYTICS", schema="STAGING")
    schema = "ECOMMERCE_ANALYTICS.DBT_NEW"
    for statement in (
        "alter session set query_tag = 'dbt'",
        "show terse schemas in database ECOMMERCE_ANALYTICS limit 10000",
        f"create schema if not exists {schema}",
        "show objects in ECOMMERCE_ANALYTICS.MARTS limit 10000",
        "show user functions in ECOMMERCE_ANALYTICS.MARTS",
        f"/* dbt */ create or replace view {schema}.v as (select 1 as id)",
        f"create or replace transient table {schema}.t as (select id from {schema}.v)",
        f"describe table {schema}.t",
        f"comment on table {schema}.t is 'made by dbt'",
        "begin",
        f"insert into {schema}.t (id) (select id from {schema}.v)",
        "commit",
        f"alter table {schema}.t rename to {schema}.t2",
        f"select count(*) as failures, count(*) != 0 as should_warn from "
        f"(select id from {schema}.t2 group by id having count(*) > 1) q",
        f"drop table if exists {schema}.t2",
        f"drop schema if exists {schema} cascade",
    ):
        client.ask(statement)
