"""Incidents that come from the source database: a column that COPY does not know."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.breaks.running import open_running

pytestmark = pytest.mark.end_to_end
STATEMENT = "ALTER TABLE ECOMMERCE_RAW.POSTGRES.RAW_ORDERS ADD COLUMN GIFT_MESSAGE VARCHAR"
RUN_SUCCEEDS_WITHIN_S = 150
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


def launched(
    airflow: Callable[[], Any], state: str, prefix: str = "break-source-column-added-"
) -> list[dict[str, Any]]:
    """The break's own runs in that state."""
    with airflow() as api:
        return [run for run in api.runs(state=[state]) if run["dag_run_id"].startswith(prefix)]
