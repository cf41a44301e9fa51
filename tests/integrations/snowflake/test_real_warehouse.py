"""The probes and remedies on the warehouse stand-in, with its enforced roles and keys, over the wire."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import snowflake.connector
from pydantic import TypeAdapter

from bot.diagnostics.probe import AnyProbe, Scope
from bot.errors import AccessDenied, EntityError, IntegrationError, NotFound, RemedyRefused, Unreachable
from bot.integrations.snowflake import INTEGRATION, connect_change, connect_read
from bot.integrations.snowflake.client import SnowflakeClient
from bot.integrations.snowflake.probes.queries import QueryArguments
from bot.integrations.snowflake.probes.warehouses import WarehouseArguments
from bot.integrations.snowflake.remedies import CANCEL_QUERY, RESUME_WAREHOUSE, SET_CREDIT_QUOTA
from bot.integrations.snowflake.remedies.quota import QuotaArguments
from tests.stopwatch import quickest

pytestmark = pytest.mark.sandbox
Control = Callable[..., Any]


@pytest.fixture
def runaway(analyst: Any, control: Control) -> Iterator[list[str]]:
    """A statement of ANALYST_KIM that runs for ten minutes, in a thread; gives what it ended with, once it has."""
    control("faults", hang_s=600, user="ANALYST_KIM", contains="RAW_ORDERS")
    ended: list[str] = []

    def run() -> None:
        try:
            analyst.cursor().execute("SELECT count(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS")
        except snowflake.connector.errors.Error as error:
            ended.append(f"{error.errno}")

    thread = threading.Thread(target=run)
    thread.start()
    yield ended
    control("reset")
    thread.join(60)


def read(name: str, client: SnowflakeClient, scope: Scope, **arguments: Any) -> Any:
    """The facts of a probe, its arguments given as a playbook gives them."""
    probe: AnyProbe = next(probe for probe in INTEGRATION.probes if probe.name == name)
    return probe.read(client, TypeAdapter(probe.arguments).validate_python(arguments), scope)


def until(answer: Callable[[], Any]) -> Any:
    """The first true answer within a minute."""
    deadline = time.monotonic() + 60
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not come true within a minute"
        time.sleep(0.05)
    return found


def test_as_whom_the_bot_looks(reading: SnowflakeClient, live_scope: Scope) -> None:
    """User, role and warehouse are those of the settings."""
    session = read("snowflake.session", reading, live_scope)
    assert (session.user, session.role, session.warehouse) == ("SVC_RUNBOOK", "RUNBOOK_READ", "REPORTING_WH")


def test_a_used_up_quota_is_raised_and_the_warehouse_resumed(
    reading: SnowflakeClient, changing: SnowflakeClient, control: Control, live_scope: Scope
) -> None:
    """The whole of runbook 5: which monitor, why resuming is refused, the new quota, and that it helped."""
    control("meter", warehouse="LOADING_WH", credits=30, query_text="SELECT * FROM a CROSS JOIN b")
    seen = read("snowflake.resource_monitors", reading, live_scope, warehouse="LOADING_WH")
    assert (seen.name, seen.is_exhausted, seen.remaining) == ("LOADING_MONITOR", True, 0)
    assert seen.resets_at > live_scope.now
    resume = WarehouseArguments("LOADING_WH")
    with pytest.raises(RemedyRefused, match="Raise its quota first"):
        RESUME_WAREHOUSE.plan(resume, RESUME_WAREHOUSE.read_state(reading, resume, live_scope), live_scope)
    command = RESUME_WAREHOUSE.plan(resume, RESUME_WAREHOUSE.typical, live_scope).commands[0]
    with pytest.raises(IntegrationError, match="LOADING_MONITOR' has exceeded its quota"):
        RESUME_WAREHOUSE.perform(changing, command, live_scope)

    arguments = QuotaArguments("LOADING_MONITOR", 75, resume_warehouse="LOADING_WH")
    draft = SET_CREDIT_QUOTA.plan(arguments, SET_CREDIT_QUOTA.read_state(reading, arguments, live_scope), live_scope)
    assert len(draft.commands) == 2
    for command in draft.commands * 2:  # a second time changes nothing
        SET_CREDIT_QUOTA.perform(changing, command, live_scope)
    assert read("snowflake.warehouse", reading, live_scope, warehouse="LOADING_WH").state == "STARTED"
    after = read("snowflake.resource_monitors", reading, live_scope, warehouse="LOADING_WH")
    assert (after.quota, after.is_exhausted) == (75, False)


def test_a_running_query_is_seen_and_cancelled_once(
    reading: SnowflakeClient, changing: SnowflakeClient, runaway: list[str], live_scope: Scope
) -> None:
    """Another user's query shows with its age, is cancelled by its id, and has then ended."""
    seen = until(lambda: (found := read("snowflake.running_queries", reading, live_scope)).count and found)
    assert (seen.longest.user, seen.longest.warehouse) == ("ANALYST_KIM", "LOADING_WH")
    assert "RAW_ORDERS" in seen.longest.text
    arguments = QueryArguments(seen.longest.query_id)
    assert read("snowflake.query", reading, live_scope, query_id=arguments.query_id).is_running

    draft = CANCEL_QUERY.plan(arguments, CANCEL_QUERY.read_state(reading, arguments, live_scope), live_scope)
    assert CANCEL_QUERY.perform(changing, draft.commands[0], live_scope) == f"Cancelled query {arguments.query_id}."
    until(lambda: runaway)
    assert "604" in runaway[0]
    state = until(lambda: (q := CANCEL_QUERY.read_state(reading, arguments, live_scope)) and not q.is_running and q)
    assert CANCEL_QUERY.plan(arguments, state, live_scope).commands == ()
    assert "had ended already" in CANCEL_QUERY.perform(changing, draft.commands[0], live_scope)
    failed = read("snowflake.failed_queries", reading, live_scope)
    assert arguments.query_id in [query.query_id for query in failed.queries]


def test_longer_windows_come_from_account_usage(reading: SnowflakeClient, live_scope: Scope) -> None:
    """More than seven days are read from the view."""
    assert read("snowflake.top_queries", reading, live_scope, days=30).queries
    assert read("snowflake.failed_queries", reading, live_scope, hours=24 * 30).count == 0


@pytest.mark.parametrize(
    ("table", "column", "error"),
    [
        ("ECOMMERCE_ANALYTICS.MARTS.NOBODYS", "DATE", NotFound),
        ("ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE", "NO_SUCH", NotFound),
        ("NO_SUCH_DB.MARTS.FCT_DAILY_REVENUE", "DATE", NotFound),
        ('A.B.C" UNION SELECT 1 --', "DATE", EntityError),
        ("FCT_DAILY_REVENUE", "DATE", EntityError),
    ],
)
def test_a_mart_that_is_not_there(
    reading: SnowflakeClient, table: str, column: str, error: type[Exception], live_scope: Scope
) -> None:
    """Names are looked up before they stand in a statement; what is no name never gets that far."""
    with pytest.raises(error):
        read("snowflake.freshness", reading, live_scope, marts=[[table, column, 24]])


def test_warehouses_by_pattern(reading: SnowflakeClient, live_scope: Scope) -> None:
    """As `SHOW WAREHOUSES LIKE '%_WH'`, and one that nobody knows is NotFound."""
    found = read("snowflake.warehouses", reading, live_scope)
    assert [w.name for w in found.warehouses] == ["LOADING_WH", "REPORTING_WH", "TRANSFORM_WH"]
    with pytest.raises(NotFound, match="there is no warehouse NOBODYS_WH"):
        read("snowflake.warehouse", reading, live_scope, warehouse="NOBODYS_WH")


def test_every_statement_is_tagged_with_its_incident(
    reading: SnowflakeClient, warehouse: dict[str, Any], live_scope: Scope
) -> None:
    """A session that two incidents share carries the tag of the one that it works for."""
    for incident in ("INC-7", "INC-8' OR '1'='1"):
        read("snowflake.session", reading, replace(live_scope, incident=incident))
    statement = (
        "SELECT QUERY_TAG FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000)) "
        "WHERE USER_NAME = 'SVC_RUNBOOK' AND QUERY_TEXT LIKE '%CURRENT_USER%'"
    )
    tags = [json.loads(row["query_tag"]) for row in reading.fetch(statement, (), live_scope) if row["query_tag"]]
    assert {tag["incident"] for tag in tags} >= {"INC-7", "INC-8__OR__1___1"}
    assert {tag["app"] for tag in tags} == {"runbook-bot"}


def test_the_reading_role_cannot_change(
    warehouse: dict[str, Any], reading: SnowflakeClient, control: Control, live_scope: Scope
) -> None:
    """Even a client that may change is stopped by the role of the probes."""
    with pytest.raises(IntegrationError, match="for reading only"):
        reading.change("ALTER WAREHOUSE LOADING_WH RESUME", live_scope)
    roles = {**warehouse["environment"], "SNOWFLAKE_CHANGE_ROLE": "RUNBOOK_READ"}
    client = connect_change(roles)
    assert client is not None
    with closing(client), pytest.raises(AccessDenied, match="Insufficient privileges"):
        client.change("ALTER WAREHOUSE LOADING_WH RESUME", live_scope)


def test_a_slow_statement_ends_with_the_deadline(reading: SnowflakeClient, control: Control, live_scope: Scope) -> None:
    """A statement that hangs is given up in time, and nothing of it goes on running."""
    control("faults", hang_s=600, user="SVC_RUNBOOK", contains="CURRENT_USER")

    def give_up() -> None:
        with pytest.raises(Unreachable, match="did not answer within 2 s"):
            read("snowflake.session", reading, replace(live_scope, deadline_s=2.0))

    assert quickest(give_up, 6) < 6
    until(lambda: not control("state")["running"])


def test_a_session_that_the_server_forgot_is_replaced(
    reading: SnowflakeClient, control: Control, live_scope: Scope
) -> None:
    """After the account forgot every session the next read works."""
    assert read("snowflake.session", reading, live_scope)
    control("reset")
    assert read("snowflake.session", reading, live_scope)


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("SNOWFLAKE_USER", "SVC_LOADER", "JWT token is invalid"),
        ("SNOWFLAKE_ROLE", "NO_SUCH_ROLE", "Role 'NO_SUCH_ROLE' specified in the connect string"),
    ],
)
def test_a_refused_login_says_why(
    warehouse: dict[str, Any], setting: str, value: str, reason: str, live_scope: Scope
) -> None:
    """A foreign key or an unknown role is refused in the server's own words, long before the deadline."""
    client = connect_read({**warehouse["environment"], setting: value})
    assert client is not None
    begun = time.monotonic()
    with closing(client), pytest.raises(AccessDenied) as caught:
        read("snowflake.session", client, live_scope)
    assert str(caught.value).startswith(f"snowflake: {reason}")
    assert time.monotonic() - begun < live_scope.deadline_s / 2


def test_a_tables_columns_and_owner_are_read(reading: SnowflakeClient, live_scope: Scope) -> None:
    """As the reading role: types as in DDL, and the role that alone may alter the table."""
    found = read("snowflake.columns", reading, live_scope, table="ecommerce_raw.postgres.raw_orders")
    assert (found.table, found.owner) == ("ECOMMERCE_RAW.POSTGRES.RAW_ORDERS", "ECOMMERCE_LOADER")
    types = {column.name: column.type for column in found.columns}
    assert types["TOTAL_AMOUNT"] == "NUMBER(12,2)"
    assert (types["STATUS"], types["_LOADED_AT"]) == ("VARCHAR", "TIMESTAMP_NTZ")
    assert found.count == 8
    with pytest.raises(NotFound, match="there is no table"):
        read("snowflake.columns", reading, live_scope, table="ECOMMERCE_RAW.POSTGRES.NO_SUCH")


def test_a_table_of_the_sessions_database_needs_no_database(reading: SnowflakeClient, live_scope: Scope) -> None:
    """SCHEMA.TABLE is looked up where the session is; anything shorter is refused."""
    assert read("snowflake.columns", reading, live_scope, table="MARTS.FCT_ORDERS").owner == "ECOMMERCE_TRANSFORMER"
    with pytest.raises(EntityError, match=r"DATABASE\.SCHEMA\.TABLE"):
        read("snowflake.columns", reading, live_scope, table="FCT_ORDERS")


def test_who_altered_a_table_is_told(reading: SnowflakeClient, warehouse: dict[str, Any], live_scope: Scope) -> None:
    """Somebody else's ALTER shows with its user and role; what was refused and other tables' do not."""
    at = warehouse["warehouse"]
    with snowflake.connector.connect(
        account=at["account"],
        host=at["host"],
        port=at["port"],
        protocol="http",
        user="SVC_LOADER",
        private_key_file=f"{at['keys']}/SVC_LOADER.pem",
        authenticator="SNOWFLAKE_JWT",
        warehouse="LOADING_WH",
        enable_server_session_keep_alive_auto_detection=False,
    ) as session:
        session.cursor().execute("ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN X INT")
        with pytest.raises(snowflake.connector.errors.Error):
            session.cursor().execute("ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN X INT")
        session.cursor().execute("ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS ADD COLUMN Y INT")
    found = read("snowflake.alterations", reading, live_scope, table="ECOMMERCE_RAW.POSTGRES.RAW_ORDERS")
    assert [(one.user, one.role) for one in found.alterations] == [("SVC_LOADER", "ECOMMERCE_LOADER")]
    assert found.latest.text == "ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN X INT"
    assert read("snowflake.alterations", reading, live_scope).latest is None
