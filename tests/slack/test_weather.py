"""Over the wire in bad weather: Slack refuses, drops, limits, repeats; the thread still ends up right."""

import asyncio
from typing import Any

import pytest

from bot.errors import IntegrationError
from bot.slack.methods import Method

pytestmark = pytest.mark.process


async def cards(wire: Any, ts: str) -> list[dict[str, Any]]:
    """The bot's cards in the alert's thread."""
    thread = await wire.act("messages", "C0ALERTS", ts)
    return [message for message in thread if message.get("user") == "U0RUNBOOK"]


@pytest.fixture
async def alert(wire: Any) -> str:
    """An alert in the channel; its ts."""
    return str(await wire.act("say", "C0ALERTS", "Task failed", app="airflow"))


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop"}, {"kind": "status", "status": 503}, {"kind": "ratelimited", "retry_after": 1}],
    ids=["connection dropped", "503", "429"],
)
async def test_card_is_posted_exactly_once(wire: Any, make: Any, alert: str, fault: dict[str, Any]) -> None:
    """Whatever happens to the first call, one card stands in the thread in the end."""
    await wire.act("faults", fault.pop("kind"), method="chat.postMessage", times=1, **fault)
    ts = await wire.front.desk.show(make.card(alert_ts=alert, card_ts=""))
    assert [card["ts"] for card in await cards(wire, alert)] == [ts]


@pytest.mark.parametrize(
    "fault",
    [{"kind": "drop"}, {"kind": "status", "status": 500}, {"kind": "ratelimited", "retry_after": 1}],
    ids=["connection dropped", "500", "429"],
)
async def test_card_shows_the_newest_content(wire: Any, make: Any, alert: str, fault: dict[str, Any]) -> None:
    """Edits asked for while Slack is unwell end with the last of them on the card."""
    ts = await wire.front.desk.show(make.card(alert_ts=alert, card_ts=""))
    await wire.act("faults", fault.pop("kind"), method="chat.update", times=1, **fault)
    shows = [
        asyncio.create_task(wire.front.desk.show(make.card(alert_ts=alert, card_ts=ts, alerts=count)))
        for count in (2, 3, 4)
    ]
    await asyncio.gather(*shows)
    (card,) = await cards(wire, alert)
    assert "*4 alerts*" in str(card["blocks"])


# Three calls more than the bot's own burst: a call that is held up on its way makes the next one look too early.
@pytest.mark.parametrize("standin_settings", [{"message_burst": 6, "ack_within": 8.0}])
async def test_storm_in_one_channel_loses_nothing(wire: Any, make: Any) -> None:
    """Seven alerts at once get seven cards, at the pace that Slack enforces, without a single refusal."""
    alerts = [await wire.act("say", "C0ALERTS", f"Task {n} failed", app="airflow") for n in range(2)]
    shows = [wire.front.desk.show(make.card(id=f"inc-{n}", alert_ts=alerts[n % 2], card_ts="")) for n in range(7)]
    posted = await asyncio.gather(*shows)
    assert len(set(posted)) == 7
    calls = await wire.act("calls", Method.POST.value)
    assert {call["status"] for call in calls} == {200}


async def test_refused_blocks_leave_a_card_of_text(wire: Any, make: Any, alert: str) -> None:
    """When Slack does not take the blocks, the runbook is there as text."""
    await wire.act("faults", "api_error", method="chat.postMessage", error="invalid_blocks", times=1)
    await wire.front.desk.show(make.card(alert_ts=alert, card_ts=""))
    (card,) = await cards(wire, alert)
    assert "Which monitor suspended it?" in card["text"]


async def test_slack_that_stays_away_is_an_error_with_a_reason(wire: Any, make: Any, alert: str) -> None:
    """The flow hears which call failed; nothing hangs."""
    await wire.act("faults", "status", status=503)
    with pytest.raises(IntegrationError, match=r"chat\.postMessage|conversations\.replies"):
        await wire.front.desk.show(make.card(alert_ts=alert, card_ts=""))


async def test_event_delivered_twice_carries_the_same_id(wire: Any) -> None:
    """The store can tell a repeated delivery by the event's id, which is handed on both times."""
    await wire.act("faults", "deliver_twice", method="message", times=1)
    await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    await wire.until(lambda: wire.flow.names().count("take_alert") == 2)
    first, second = [asked[2] for asked in wire.flow.asked if asked[0] == "take_alert"]
    assert first == second != ""


async def test_dropped_socket_is_reconnected_and_caught_up(wire: Any) -> None:
    """After the connection broke without a word, alerts arrive again, those of the meantime included."""
    await wire.act("say", "C0ALERTS", "first", app="airflow")
    await wire.until(lambda: wire.flow.asked)
    await wire.act("faults", "lose_delivery", method="message", times=1)
    await wire.act("say", "C0ALERTS", "meanwhile", app="airflow")
    await wire.act("sockets", "close")
    await wire.until(lambda: "meanwhile" in [asked[1].text for asked in wire.flow.asked])


async def test_invitation_is_noticed(wire: Any) -> None:
    """When the bot is invited to a watched channel it looks its channels up again and hears them."""
    await wire.act("member", "U0RUNBOOK", "C0ALERTS", leave=True)
    await wire.front.channels.refresh()
    assert wire.front.channels.readable == ()
    await wire.act("member", "U0RUNBOOK", "C0ALERTS")
    await wire.until(lambda: wire.front.channels.readable == ("C0ALERTS",))


async def test_work_in_hand_is_finished_before_the_end(wire: Any, make: Any) -> None:
    """A stop in the middle of an alert waits for its handling and for the card that it posts."""
    begun = asyncio.Event()

    async def slow(alert: Any, _event_id: str) -> None:
        begun.set()
        await asyncio.sleep(0.1)
        await wire.front.desk.show(make.card(alert_ts=alert.ts, card_ts=""))

    wire.flow.slow["take_alert"] = slow
    ts = await wire.act("say", "C0ALERTS", "Task failed", app="airflow")
    await begun.wait()
    await wire.front.drain(60.0)
    assert len(await cards(wire, ts)) == 1
