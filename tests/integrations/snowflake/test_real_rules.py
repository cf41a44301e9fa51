"""The probes of dbt's rules and of grants, on the warehouse stand-in with its enforced roles."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.snowflake import connect_read
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.probes.duplicates import DuplicatesArguments, read_duplicates
from bot.integrations.snowflake.probes.future_grants import FutureGrantsArguments, read_future_grants
from bot.integrations.snowflake.probes.grants_of_role import GrantsArguments, read_grants
from bot.integrations.snowflake.probes.null_count import NullCountArguments, read_null_count
from bot.integrations.snowflake.probes.orphans import OrphansArguments, read_orphans
from bot.integrations.snowflake.probes.tested_column import RuleFacts
from bot.integrations.snowflake.probes.unexpected_values import UnexpectedValuesArguments, read_unexpected_values

pytestmark = pytest.mark.sandbox
CUSTOMERS, STAGED = "ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS", "ECOMMERCE_ANALYTICS.STAGING.stg_customers"
ORDERS = "ECOMMERCE_RAW.POSTGRES.RAW_ORDERS"
Sql = Callable[[str], None]


@pytest.fixture
def sql(real: Callable[[str], dict[str, Any]]) -> Sql:
    """Runs a script as the owner of everything, on an account as after a start."""
    at = real("warehouse")["warehouse"]

    def post(action: str, **body: str) -> None:
        url = f"http://{at['host']}:{at['port']}/control/{action}"
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=60).close()

    post("reset")
    return lambda script: post("sql", sql=script)


@pytest.fixture
def reading(real: Callable[[str], dict[str, Any]], sql: Sql) -> Iterator[SnowflakeClient]:
    """The bot's reading client."""
    client = connect_read(real("warehouse")["environment"])
    assert client is not None
    with closing(client):
        yield client


def counted(facts: RuleFacts) -> list[tuple[int, int, list[str]]]:
    """Values, failing rows and examples of each table."""
    return [(one.values, one.failing, [each.value for each in one.examples]) for one in facts.tables]


def test_customers_that_stand_twice_are_counted_in_raw_and_in_the_model(
    sql: Sql, reading: SnowflakeClient, live_scope: Scope
) -> None:
    """The seed's view keeps one of each, so RAW has them and the model has not; five keys are enough to look at."""
    sql(f"INSERT INTO {CUSTOMERS} SELECT * FROM {CUSTOMERS} WHERE CUSTOMER_ID BETWEEN 1001 AND 1007")  # noqa: S608 - our own name
    facts = read_duplicates(reading, DuplicatesArguments((CUSTOMERS, STAGED, ""), "customer_id"), live_scope)
    assert counted(facts) == [(7, 14, ["1001", "1002", "1003", "1004", "1005"]), (0, 0, [])]
    assert [table.rows for table in facts.tables] == [8007, 8000]


def test_a_table_that_is_not_there_does_not_spoil_the_others(reading: SnowflakeClient, live_scope: Scope) -> None:
    """Nor one without that column, nor what is no name at all."""
    tables = ("NOWHERE.AT.ALL", ORDERS, "x; drop table y", CUSTOMERS)
    facts = read_duplicates(reading, DuplicatesArguments(tables, "email"), live_scope)
    gone, other, odd, fine = facts.tables
    assert "does not exist or not authorized" in gone.problem
    assert "there is no column EMAIL in ECOMMERCE_RAW.POSTGRES.RAW_ORDERS" in other.problem
    assert "is not the name of a table" in odd.problem
    assert (fine.rows, fine.values, fine.is_known) == (8000, 0, True)


def test_nulls_orphans_and_unexpected_values_are_counted(sql: Sql, reading: SnowflakeClient, live_scope: Scope) -> None:
    """Each as dbt's own test counts it: NULL is neither an orphan nor an unexpected value."""
    newest = f"ORDER_ID IN (SELECT ORDER_ID FROM {ORDERS} ORDER BY ORDER_ID DESC LIMIT 3)"  # noqa: S608 - our own name
    sql(f"UPDATE {ORDERS} SET STATUS = 'it''s lost', CUSTOMER_ID = 990001 WHERE {newest}")  # noqa: S608 - our own name
    sql(f"INSERT INTO {ORDERS} (ORDER_ID) VALUES (9999990), (9999991)")  # noqa: S608 - our own name
    nulls = read_null_count(reading, NullCountArguments((ORDERS,), "CUSTOMER_ID"), live_scope)
    orphans = read_orphans(reading, OrphansArguments((ORDERS,), "customer_id", STAGED, "customer_id"), live_scope)
    allowed = ("placed", "paid", "shipped", "delivered", "cancelled")
    values = read_unexpected_values(reading, UnexpectedValuesArguments((ORDERS,), "status", allowed), live_scope)
    assert counted(nulls) == [(0, 2, [])]
    assert counted(orphans) == [(1, 3, ["990001"])]
    assert counted(values) == [(1, 3, ["it's lost"])]


def test_a_rule_without_its_parts_asks_nothing(reading: SnowflakeClient, scope: Scope) -> None:
    """What the alert did not give is no reason to search the warehouse."""
    nothing = RuleFacts()
    assert read_duplicates(reading, DuplicatesArguments((CUSTOMERS,)), scope) == nothing
    assert read_null_count(reading, NullCountArguments((CUSTOMERS,)), scope) == nothing
    assert read_orphans(reading, OrphansArguments((ORDERS,), "customer_id"), scope) == nothing
    assert read_unexpected_values(reading, UnexpectedValuesArguments((ORDERS,), "status"), scope) == nothing


def test_the_grants_of_a_role_follow_what_it_inherits(sql: Sql, reading: SnowflakeClient, live_scope: Scope) -> None:
    """A revoked privilege is gone, one held through another role or by everybody is there."""
    before = read_grants(reading, GrantsArguments("ecommerce_transformer"), live_scope)
    assert before.is_complete
    assert ("CREATE TABLE", "ECOMMERCE_ANALYTICS.MARTS") in {(one.privilege, one.name) for one in before.grants}
    sql("REVOKE CREATE TABLE ON SCHEMA ECOMMERCE_ANALYTICS.MARTS FROM ROLE ECOMMERCE_TRANSFORMER")
    sql("GRANT USAGE ON DATABASE ECOMMERCE_RAW TO ROLE PUBLIC")
    after = read_grants(reading, GrantsArguments("ECOMMERCE_TRANSFORMER"), live_scope)
    assert set(before.grants) - set(after.grants) == {
        one for one in before.grants if (one.privilege, one.name) == ("CREATE TABLE", "ECOMMERCE_ANALYTICS.MARTS")
    }
    assert after.roles == ("ECOMMERCE_TRANSFORMER", "PUBLIC")
    assert {one.role for one in after.grants} == {"ECOMMERCE_TRANSFORMER", "PUBLIC"}
    admin = read_grants(reading, GrantsArguments("SYSADMIN"), live_scope)
    assert {"SYSADMIN", "ECOMMERCE_TRANSFORMER", "ANALYST"} <= set(admin.roles)


def test_future_grants_come_with_the_schema_s_owner(sql: Sql, reading: SnowflakeClient, live_scope: Scope) -> None:
    """Of the schema and of its database, told apart."""
    sql("GRANT SELECT ON FUTURE VIEWS IN DATABASE ECOMMERCE_ANALYTICS TO ROLE ANALYST")
    facts = read_future_grants(reading, FutureGrantsArguments("ecommerce_analytics.marts.fct_orders"), live_scope)
    assert (facts.schema, facts.owner) == ("ECOMMERCE_ANALYTICS.MARTS", "ACCOUNTADMIN")
    found = {(one.scope, one.privilege, one.kind, one.role) for one in facts.grants}
    assert ("SCHEMA", "INSERT", "TABLE", "ECOMMERCE_TRANSFORMER") in found
    assert ("DATABASE", "SELECT", "VIEW", "ANALYST") in found


def test_names_are_checked_before_they_stand_in_a_statement(reading: SnowflakeClient, live_scope: Scope) -> None:
    """SHOW takes no bound parameters."""
    with pytest.raises(EntityError):
        read_grants(reading, GrantsArguments("X; DROP ROLE Y"), live_scope)
    with pytest.raises(EntityError):
        read_future_grants(reading, FutureGrantsArguments("ECOMMERCE_ANALYTICS"), live_scope)
    with pytest.raises(NotFound):
        read_grants(reading, GrantsArguments("NOBODY"), live_scope)
