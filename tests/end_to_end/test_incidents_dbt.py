"""Incidents of dbt: a test that finds customers twice, a model that may not be built."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.breaks.launch import end_runs, launch_run
from bot.sandbox.breaks.running import Running, open_running

pytestmark = pytest.mark.end_to_end
GRANT = "GRANT CREATE TABLE ON SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER;"
RUN_SUCCEEDS_WITHIN_S = 420
DUPLICATES = (
    "a unique test of stg_customers, column customer_id",
    "dbt found *12*",
    "`ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS`",
    "*No*: stg_customers does not remove",
    "stg_customers still 12 values of customer_id more than once (24 rows)",
    "rank() over (partition by customer_id order by updated_at desc)",
    "row_number keeps one",
    "*Not upstream*: the primary key customers_pkey of public.customers forbids them",
    "Airflow tries `dbt_test` again by itself",
)
PRIVILEGES = (
    "`fct_orders` (models/marts/fct_orders.sql) builds `ECOMMERCE_ANALYTICS.MARTS.fct_orders`",
    "It was refused on the schema *MARTS*: 003001",
    "*Missing*: ECOMMERCE_TRANSFORMER lacks CREATE TABLE on SCHEMA ECOMMERCE_ANALYTICS.MARTS",
    "ON FUTURE TABLES IN SCHEMA ECOMMERCE_ANALYTICS.MARTS TO ROLE ECOMMERCE_TRANSFORMER;",
    "MANAGE GRANTS",
    "Airflow tries `dbt_run` again by itself",
)

CUSTOMERS = "SELECT ON TABLE ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS"
UNREADABLE = (
    "`stg_customers` (models/staging/stg_customers.sql)",
    "002003",
    "Object 'ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS' does not exist or not authorized",
    "It reads `ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS`",
    "*ECOMMERCE_TRANSFORMER lacks SELECT on TABLE ECOMMERCE_RAW.POSTGRES.RAW_CUSTOMERS*",
    f"`GRANT {CUSTOMERS} TO ROLE ECOMMERCE_TRANSFORMER;`",
    "*1* built on it: `dim_customers`",
)


def test_customers_that_stand_twice_are_counted_where_they_are_and_where_they_come_from(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any]
) -> None:
    """dbt's own unique test fails; the card holds test, model, column and counts in RAW and in the model, the window
    function that keeps them, and that the source cannot have sent them; running it again is not offered."""
    start_bot()
    before = road.newest()
    with break_("duplicate-customers"):
        alert = road.alert(before, "Failure in test unique_stg_customers_customer_id")
        card = road.card(alert["ts"], "row_number keeps one")
        text = road.said(card)
        assert [words for words in DUPLICATES if words not in text] == [], text
        # Customers who changed today stand twice in RAW too, rightly so: the model keeps the newer row of each.
        assert int(re.search(r"RAW holds (\d+) values of customer_id more than once", text)[1]) >= 12
        assert [str(key) for key in range(1001, 1006) if str(key) not in text] == [], text
        assert [button for button in road.buttons(card) if button.startswith("offer:")] == []


def test_a_missing_grant_is_named_by_the_statement_that_mends_it(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any], airflow: Callable[[], Any]
) -> None:
    """Snowflake really refuses dbt; the statement on the card, run by an administrator, lets Airflow's next try build
    the model; the bot, which may grant nothing, offers no button."""
    start_bot()
    before = road.newest()
    with break_("grant-missing"):
        alert = road.alert(before, "Insufficient privileges to operate on schema")
        card = road.card(alert["ts"], "CREATE TABLE")
        text = road.said(card)
        assert [words for words in (*PRIVILEGES, GRANT) if words not in text] == [], text
        assert [button for button in road.buttons(card) if button.startswith("offer:")] == []

        administer(open_running(road.platform.context.state, print), GRANT.rstrip(";"))
        road.slack.wait_for(lambda: succeeded(airflow), RUN_SUCCEEDS_WITHIN_S)


def test_a_model_s_error_names_what_it_reads_what_is_built_on_it_and_why_it_cannot_see_it(
    road: Any, start_bot: Callable[..., Any]
) -> None:
    """Snowflake says that a table "does not exist or not authorized": the card says which of the two it is."""
    start_bot()
    running = open_running(road.platform.context.state, print)
    before = road.newest()
    administer(running, f"REVOKE {CUSTOMERS} FROM ROLE ECOMMERCE_TRANSFORMER")
    try:
        launch_run(running, "unreadable-table", "its dbt_run may not see RAW_CUSTOMERS")
        alert = road.alert(before, "does not exist or not authorized")
        card = road.card(alert["ts"], "built on it")
        text = road.said(card)
        assert [words for words in UNREADABLE if words not in text] == [], text
    finally:
        administer(running, f"GRANT {CUSTOMERS} TO ROLE ECOMMERCE_TRANSFORMER")
        end_runs(running, "unreadable-table")


def administer(running: Running, statement: str) -> None:
    """Run a statement as the platform's administrator."""
    with running.warehouse("PLATFORM_ADMIN", "REPORTING_WH") as session, session.cursor() as cursor:
        cursor.execute(statement)


def succeeded(airflow: Callable[[], Any]) -> list[dict[str, Any]]:
    """The break's own runs that ended well."""
    with airflow() as api:
        return [run for run in api.runs(state=["success"]) if run["dag_run_id"].startswith("break-grant-missing-")]
