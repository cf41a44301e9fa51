"""Credits, quotas and freshness on the warehouse stand-in: what the verdicts of the playbooks are made of."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.spend_forecast import ForecastArguments, forecast_spend
from bot.diagnostics.derivations.spend_verdict import SpendArguments, judge_spend

pytestmark = pytest.mark.sandbox
Ask = Callable[..., Any]
MARTS = [
    {"table": "ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE", "column": "date", "max_age_hours": "26"},
    ["ecommerce_analytics.marts.fct_orders", "order_date", 24 * 30],
    ["ECOMMERCE_ANALYTICS.MARTS.DIM_CUSTOMERS", "LAST_ORDER", 24 * 30],
]


def test_a_spike_names_the_query_and_the_user_behind_it(ask: Ask, control: Ask) -> None:
    """Credits of today beyond the other days lead to the analyst's one long query."""
    control("meter", warehouse="LOADING_WH", credits=30, hours=0.05, query_text="SELECT * FROM a CROSS JOIN b")
    credits = ask("snowflake.credits", warehouse="LOADING_WH", days="7")
    assert (len(credits.days), credits.by_warehouse[0].warehouse) == (7, "LOADING_WH")
    top, spenders = (
        ask("snowflake.top_queries", warehouse="loading_wh"),
        ask("snowflake.spenders", warehouse="LOADING_WH"),
    )
    verdict = judge_spend(SpendArguments(credits, top, spenders), datetime.now(UTC))
    assert (verdict.kind, verdict.user, verdict.query_id) == ("spike", "ANALYST_KIM", top.top.query_id)
    assert verdict.times is not None
    assert verdict.times > 5
    assert {one.user for one in spenders.spenders} == {"ANALYST_KIM", "SVC_LOADER"}


def test_a_quiet_month_lasts_and_its_days_add_up_to_the_monitor(ask: Ask) -> None:
    """Metering by day and the monitor's own count tell the same story."""
    monitor = ask("snowflake.resource_monitors", monitor="loading_monitor")
    credits = ask("snowflake.credits", warehouses=list(monitor.warehouses), days=31)
    forecast = forecast_spend(ForecastArguments(monitor, credits), datetime.now(UTC))
    assert forecast.kind == "enough"
    assert forecast.month[-1].used == pytest.approx(monitor.used, abs=0.1)
    assert monitor.period_from < datetime.now(UTC) < monitor.resets_at
    everything = ask("snowflake.credits", days=31)
    assert everything.total > credits.total
    assert judge_spend(SpendArguments(credits), datetime.now(UTC)).kind == "steady"


def test_marts_grow_stale(ask: Ask, control: Ask) -> None:
    """The newest day of each mart, and which are older than they may be."""
    fresh = ask("snowflake.freshness", marts=MARTS)
    assert (fresh.is_stale, len(fresh.marts)) == (False, 3)
    control("age_marts", days=3)
    aged = ask("snowflake.freshness", marts=MARTS)
    assert aged.stale_tables == ("ECOMMERCE_ANALYTICS.MARTS.FCT_DAILY_REVENUE",)
    assert aged.worst.age_hours > 48
    assert {mart.newest for mart in aged.marts} == {aged.newest}


def test_a_mart_that_is_gone_does_not_hide_the_others(ask: Ask) -> None:
    """It says why it could not be read."""
    seen = ask("snowflake.freshness", marts=[["NO_SUCH_DB.MARTS.GONE", "DATE", 24], *MARTS])
    assert seen.marts[0].problem
    assert (seen.is_stale, seen.worst.table != "NO_SUCH_DB.MARTS.GONE", len(seen.marts)) == (False, True, 4)


def test_a_table_tells_when_it_was_written(ask: Ask, connect: Callable[..., Any]) -> None:
    """A run that brought nothing new still wrote: that is later than the newest row."""
    begun = datetime.now(UTC)
    with connect("SVC_ECOMMERCE_DBT") as session:
        session.cursor().execute("DELETE FROM ECOMMERCE_ANALYTICS.MARTS.FCT_ORDERS WHERE ORDER_ID < 0")
    (mart,) = ask("snowflake.freshness", marts=[MARTS[1]]).marts
    assert mart.written_at is not None
    assert (mart.written_at - begun).total_seconds() > -2
