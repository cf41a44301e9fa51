"""Incidents that come from the source database: a column that COPY does not know, a server that is full."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg2
import pytest

from bot.sandbox.breaks.airflow_rest import UNFINISHED
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running, open_running

pytestmark = pytest.mark.end_to_end
STATEMENT = "ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN GIFT_MESSAGE VARCHAR"
RUN_SUCCEEDS_WITHIN_S = 420
FINDINGS = (
    "COPY INTO RAW_ORDERS",
    "gift_message",
    "public.orders",
    "shop_app",
    "has *8* columns",
    "_LOADED_AT",
    "The refused file has *9*",
    "ECOMMERCE_LOADER",
)


def test_an_added_column_is_named_with_the_statement_that_levels_it(
    road: Any, start_bot: Callable[..., Any], break_: Callable[[str], Any], airflow: Callable[[], Any]
) -> None:
    """COPY really refuses; the card holds the column, its type and a statement that, run by the owner, lets Airflow's
    next try succeed; the bot itself, which may not alter the table, offers no button."""
    start_bot()
    before = road.newest()
    with break_("source-column-added"):
        alert = road.alert(before, "Number of columns in file")
        card = road.card(alert["ts"], "GIFT_MESSAGE")
        text = road.said(card)
        assert [words for words in FINDINGS if words not in text] == [], text
        assert [button for button in road.buttons(card) if button.startswith("offer:")] == []

        [statement] = set(re.findall(r"ALTER TABLE [A-Z_. ]+", text))
        assert statement == STATEMENT
        running = open_running(road.platform.context.state, print)
        with running.warehouse("SVC_LOADER", "LOADING_WH") as session, session.cursor() as cursor:
            cursor.execute(statement)
        road.slack.wait_for(lambda: launched(airflow, "success"), RUN_SUCCEEDS_WITHIN_S)
        with running.warehouse("PLATFORM_ADMIN", "REPORTING_WH") as session, session.cursor() as cursor:
            cursor.execute("SELECT COUNT(GIFT_MESSAGE) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS")
            assert cursor.fetchall()[0][0] >= 25
    assert launched(airflow, "success", "break-mended-source-column-added-"), "the run after the mend did not succeed"


@contextmanager
def full(running: Running) -> Iterator[None]:
    """The application has leaked sessions until the server gave it no more; the run that met that is removed after."""
    with ExitStack() as leaked:
        while True:
            try:
                url = running.part("source")["app_url"]
                session = psycopg2.connect(url, application_name="checkout", connect_timeout=60)
            except psycopg2.OperationalError:
                break
            leaked.enter_context(closing(session))
        launch_run(running, "connections", "its extract gets no connection")
        yield
    with running.airflow() as api:
        for run in api.runs(state=list(UNFINISHED)):
            api.remove_run(run)


def test_a_full_server_is_answered_with_who_holds_it(road: Any, start_bot: Callable[..., Any]) -> None:
    """Airflow gets no connection any more, the bot still does, and says whose sessions idle and how full it is."""
    start_bot()
    before = road.newest()
    with full(open_running(road.platform.context.state, print)):
        alert = road.alert(before, "connection slots are reserved")
        text = road.said(road.card(alert["ts"], "Most belong to"))
        wanted = ("PostgreSQL takes no more connections", "*Full now*", "*checkout*", "do nothing", "is idle for")
        assert [words for words in wanted if words not in text] == [], text
        assert re.search(r"\*\d+\* of 50 used, 8 kept", text), text


def launched(
    airflow: Callable[[], Any], state: str, prefix: str = "break-source-column-added-"
) -> list[dict[str, Any]]:
    """The break's own runs in that state."""
    with airflow() as api:
        return [run for run in api.runs(state=[state]) if run["dag_run_id"].startswith(prefix)]
