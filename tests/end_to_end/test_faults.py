"""When parts fail: the card still comes, says what could not be read and why, and nothing is lost or doubled."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.end_to_end
ALERTS, ONCALL = "C0ALERTS", "U0ONCALL"
TIMEOUT = (
    ":red_circle: Task failed\n*DAG*: ecommerce_daily\n*Task*: {}\n*Try*: 1 of 3\n"
    "*Exception*: ```psycopg2.errors.QueryCanceled: canceling statement due to statement timeout```"
)
SUSPENDED = "Database Error\n  000606 (57P03): Warehouse '{}' is suspended."
NOWHERE = "postgresql://runbook_read:hunter2@127.0.0.1:9/ecommerce_source"


def test_alert_delivered_twice_is_answered_once(road: Any, start_bot: Callable[..., Any]) -> None:
    """Slack delivers an event twice: one card, one alert counted."""
    start_bot()
    road.slack.faults("deliver_twice", method="message", times=1)
    ts = road.slack.say(ALERTS, TIMEOUT.format("twice"), app="A0AIRFLOW")
    card = road.card(ts)
    road.slack.wait_for(lambda: [one["ts"] for one in road.slack.deliveries()].count(ts) == 2, 60)
    time.sleep(2)  # a second answer would have had time to come
    assert len(road.cards(ts)) == 1
    assert "2 alerts" not in road.said(card)


def test_same_incident_again_joins_the_open_one(road: Any, start_bot: Callable[..., Any]) -> None:
    """The same alert posted again joins: the count stands on the first card, and the second alert gets no reply."""
    start_bot()
    first = road.slack.say(ALERTS, TIMEOUT.format("joins"), app="A0AIRFLOW")
    road.card(first)
    second = road.slack.say(ALERTS, TIMEOUT.format("joins"), app="A0AIRFLOW")
    road.card(first, "2 alerts")
    assert road.cards(second) == []


def test_messages_during_a_dropped_socket_are_answered(road: Any, start_bot: Callable[..., Any]) -> None:
    """The connection breaks and an alert is posted before the next one: back-fill answers it, once."""
    start_bot()
    road.card(road.slack.say(ALERTS, SUSPENDED.format("WH_DROPPED"), app="A0AIRFLOW"))
    road.slack.faults("lose_delivery", method="message", times=1)
    missed = road.slack.say(ALERTS, TIMEOUT.format("dropped"), app="A0AIRFLOW")
    road.slack.sockets("abort")
    road.card(missed)
    assert len(road.cards(missed)) == 1


def test_alerts_while_the_bot_is_down_are_answered_at_its_start(road: Any, start_bot: Callable[..., Any]) -> None:
    """Killed, an alert posted, started again: the alert is answered, what was answered before is not answered twice."""
    bot = start_bot()
    before = road.slack.say(ALERTS, SUSPENDED.format("WH_DOWN"), app="A0AIRFLOW")
    road.card(before)
    bot.kill()
    missed = road.slack.say(ALERTS, TIMEOUT.format("down"), app="A0AIRFLOW")
    bot.start()
    road.card(missed)
    assert len(road.cards(missed)) == len(road.cards(before)) == 1


def test_postgres_down(road: Any, start_bot: Callable[..., Any]) -> None:
    """PostgreSQL refuses: its steps say so and name the place, never the password; the others hold their findings."""
    start_bot(SOURCE_DATABASE_URL=NOWHERE)
    text = road.said(road.card(road.slack.say(ALERTS, TIMEOUT.format("postgres"), app="A0AIRFLOW")))
    assert "could not read PostgreSQL connectivity because" in text
    assert "refused" in text
    assert "hunter2" not in text


def test_airflow_refuses_the_login(road: Any, start_bot: Callable[..., Any]) -> None:
    """Airflow says no to the bot: its steps say so, PostgreSQL's are read."""
    start_bot(AIRFLOW_PASSWORD="wrong")
    text = road.said(road.card(road.slack.say(ALERTS, TIMEOUT.format("login"), app="A0AIRFLOW")))
    assert "could not read Airflow task log because" in text
    assert "ecommerce_source" in text


def test_warehouse_hangs(road: Any, start_bot: Callable[..., Any]) -> None:
    """Snowflake does not answer: the first reply comes at once, the end says what could not be read in time."""
    start_bot()
    warehouse = road.platform.record["warehouse"]
    control = f"http://{warehouse['host']}:{warehouse['port']}/control/faults"
    httpx.post(control, json={"hang_s": 600, "user": "SVC_RUNBOOK"}, trust_env=False).raise_for_status()
    try:
        ts = road.slack.say(ALERTS, SUSPENDED.format("WH_HANGS"), app="A0AIRFLOW")
        text = road.said(road.card(ts))
        first = next(call for call in road.slack.calls("chat.postMessage") if call["args"].get("thread_ts") == ts)
        assert "looking …" in road.said(first["args"])
        assert "could not read Snowflake" in text
        assert "did not answer within" in text
    finally:
        httpx.post(control, json={"clear": True}, trust_env=False).raise_for_status()


def test_slack_refuses_every_second_call(road: Any, start_bot: Callable[..., Any]) -> None:
    """429 to every second call: every alert has its complete card, one each."""
    start_bot()
    road.slack.faults("ratelimited", every=2, retry_after=1)
    names = [f"WH_{number}" for number in range(3)]
    posted = [road.slack.say(ALERTS, f"Warehouse {name} is suspended.", app="A0AIRFLOW") for name in names]
    for ts, name in zip(posted, names, strict=True):
        assert name in road.said(road.card(ts, timeout_s=240))
        assert len(road.cards(ts)) == 1


def test_killed_between_approval_and_verification(
    road: Any, start_bot: Callable[..., Any], airflow: Callable[[], Any]
) -> None:
    """kill -9 after the yes: the restarted bot finishes the remedy; Airflow has exactly one run of it."""
    bot = start_bot()
    with airflow() as api:
        api.pause(False)
        until(lambda: not {run["state"] for run in api.runs()} & {"running", "queued"}, 300)
        known = {run["dag_run_id"] for run in api.runs()}
        before = road.newest()
        assert road.slack.command(ONCALL, ALERTS, "/retrigger", "ecommerce_daily").acked
        head = road.alert(before, "ecommerce_daily", 60)
        card = road.card(head["ts"], "Plan")
        road.press(ONCALL, card, "approve")
        until(lambda: {run["dag_run_id"] for run in api.runs()} - known, 120)
        bot.kill()
        bot.start()
        helped = road.card(head["ts"], "*: it helped", 360)
        assert f"<@{ONCALL}>" in road.said(helped)
        assert len({run["dag_run_id"] for run in api.runs()} - known) == 1


def until(is_so: Callable[[], Any], within_s: float) -> None:
    """Look at a system that cannot tell us when it changes, twice a second."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {within_s} s"
        time.sleep(0.5)
