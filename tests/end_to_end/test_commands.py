"""Slash commands on the real parts: asked without an alert, answered with what is true, approved like any remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.flow.run_query import QUERIES
from bot.sandbox.breaks.running import open_running
from bot.sandbox.breaks.warehouse_quota import find_runaways, start_runaway

pytestmark = pytest.mark.end_to_end
ALERTS, ONCALL, BYSTANDER = "C0ALERTS", "U0ONCALL", "U0BYSTANDER"


def test_runbook_by_alias_shows_what_is_true(road: Any, start_bot: Callable[..., Any]) -> None:
    """`/runbook freshness`: a thread of its own with every mart's age, acknowledged within three seconds."""
    start_bot()
    before = road.newest()
    assert road.slack.command(BYSTANDER, ALERTS, "/runbook", "freshness").acked
    head = road.alert(before, "Runbook", 60)
    card = road.card(head["ts"], "FCT_DAILY_REVENUE")
    assert "REPORTING_WH" in road.said(card)
    charts = {block["title"]: block["chart"] for block in card["blocks"] if block["type"] == "data_visualization"}
    assert "FCT_DAILY_REVENUE" in charts["Hours since the newest row"]["axis_config"]["categories"]


def test_mistyped_runbook_is_told_what_it_may_have_meant(road: Any, start_bot: Callable[..., Any]) -> None:
    """An unknown name is answered to the asker alone, with a suggestion."""
    start_bot()
    answer = road.slack.command(BYSTANDER, ALERTS, "/runbook", "freshnes")
    assert answer.acked
    assert (
        "Did you mean freshness" in f"{answer.response} {[road.said(one) for one in road.slack.ephemerals(BYSTANDER)]}"
    )


def test_diagnose_shows_a_table(road: Any, start_bot: Callable[..., Any]) -> None:
    """`/diagnose monitors`: the resource monitors with quota and use, in Slack's own table."""
    start_bot()
    assert road.slack.command(BYSTANDER, ALERTS, "/diagnose", "monitors").acked
    answer = road.told(BYSTANDER, "LOADING_MONITOR", 120)
    (table,) = [block for block in answer["blocks"] if block["type"] == "table"]
    assert [cell["text"] for cell in table["rows"][0]][:4] == ["name", "quota", "used", "remaining"]


@pytest.mark.parametrize("name", QUERIES)
def test_every_diagnostic_query_is_answered(road: Any, start_bot: Callable[..., Any], name: str) -> None:
    """The five of the runbook, each with its title and how fresh it is, from the button of the menu."""
    start_bot()
    assert road.slack.command(ONCALL, ALERTS, "/diagnose").acked
    menu = road.told(ONCALL, f"/diagnose {name}")
    road.slack.click(ONCALL, ALERTS, menu["ts"], f"query:{name}")
    road.told(ONCALL, f"*{QUERIES[name].title}*", 120)


def test_killed_query_is_planned_approved_and_gone(road: Any, start_bot: Callable[..., Any]) -> None:
    """`/kill-query`: a bystander may ask for the plan, only the on-call's yes cancels the query, and it is verified."""
    start_bot()
    running = open_running(road.platform.context.state, print)
    start_runaway(running)
    (query_id,) = find_runaways(running)
    before = road.newest()
    assert road.slack.command(BYSTANDER, ALERTS, "/kill-query", query_id).acked
    head = road.alert(before, query_id)
    card = road.card(head["ts"], "SYSTEM$CANCEL_QUERY")
    road.press(BYSTANDER, card, "approve")
    road.told(BYSTANDER, "on call")
    assert find_runaways(running) == [query_id]
    road.press(ONCALL, card, "approve")
    road.card(head["ts"], "*: it helped", 180)
    assert find_runaways(running) == []
