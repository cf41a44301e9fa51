"""How long after its slowest probe a card is complete, on the real PostgreSQL and warehouse."""

from typing import Any

import httpx

from bot.sandbox.slack.control import Workspace

HANG_S = 1.0  # the warehouse answers one statement this late, so that one probe is the slowest by far


def measure(slack: Workspace, warehouse: dict[str, Any], cards: int) -> list[int]:
    """Nanoseconds from the slowest probe's end to the arrival of the edit that completes the card, a card each.

    The probe's end is taken from the bot's own finding on the card's log line (`took_s` after the alert's first
    read), as
    the time between the alert's delivery and the last edit, less the time that the hung statement took.
    """
    control = f"http://{warehouse['host']}:{warehouse['port']}/control/faults"
    fault = {"hang_s": HANG_S, "user": "SVC_RUNBOOK", "contains": "WAREHOUSE_METERING_HISTORY"}
    httpx.post(control, json=fault, trust_env=False).raise_for_status()
    try:
        return [_one(slack, number) for number in range(cards)]
    finally:
        httpx.post(control, json={"clear": True}, trust_env=False).raise_for_status()


def _one(slack: Workspace, number: int) -> int:
    after = max((call["number"] for call in slack.calls()), default=0)
    ts = slack.say("C0ALERTS", f"Warehouse CARD_{number} is suspended.", app="A0AIRFLOW")
    slack.wait_for(lambda: _complete(slack, ts), 30)
    delivered = next(one["delivered_ns"] for one in slack.deliveries("message") if one["ts"] == ts)
    edits = [call for call in slack.calls("chat.update", after) if "CARD_" in str(call["args"])]
    return int(edits[-1]["received_ns"] - delivered - HANG_S * 1e9)


def _complete(slack: Workspace, ts: str) -> bool:
    return any(
        message.get("user") == "U0RUNBOOK" and "looking …" not in str(message.get("blocks"))
        for message in slack.messages("C0ALERTS", ts)
    )
