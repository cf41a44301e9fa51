"""How long after its slowest probe a card is complete, on the real warehouse stand-in and PostgreSQL.

The bot logs when its last finding was read; the Slack stand-in notes when the edit that completes the card arrived.
Both
run on this machine, so the two clocks differ by a constant that is measured once.
"""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.slack.control import Workspace

HOLD_S = 1.0  # one statement is answered this late, so that one probe is the slowest by far
PACE_S = 8.0  # Slack takes about 50 edits a minute and a card needs a few: waiting for that is not what is measured


def measure(slack: Workspace, warehouse: dict[str, Any], cards: int, log: Path) -> list[int]:
    """Nanoseconds from the last finding to the arrival of the edit that completes the card, a card each."""
    control = f"http://{warehouse['host']}:{warehouse['port']}/control/faults"
    fault = {"hang_s": HOLD_S, "user": "SVC_RUNBOOK", "contains": "WAREHOUSE_METERING_HISTORY"}
    httpx.post(control, json=fault, trust_env=False).raise_for_status()
    try:
        return [_one(slack, number, log) for number in range(cards)]
    finally:
        httpx.post(control, json={"clear": True}, trust_env=False).raise_for_status()


def _one(slack: Workspace, number: int, log: Path) -> int:
    after = max((call["number"] for call in slack.calls()), default=0)
    offset = time.time_ns() - time.monotonic_ns()
    ts = slack.say("C0ALERTS", f"Warehouse CARD_{number} is suspended.", app="A0AIRFLOW")
    incident = slack.wait_for(lambda: _complete(slack, ts), 30)
    read_at = slack.wait_for(lambda: _last_read(log, incident), 5)
    edits = [call for call in slack.calls("chat.update", after) if incident in str(call["args"])]
    time.sleep(PACE_S)
    return int(edits[-1]["received_ns"] + offset - read_at * 1e9)


def _complete(slack: Workspace, ts: str) -> str:
    """The id of the incident whose card in this thread looks for nothing any more, else ""."""
    for message in slack.messages("C0ALERTS", ts):
        if message.get("user") == "U0RUNBOOK" and "looking …" not in str(message["blocks"]):
            return str(message["blocks"][0]["block_id"]).removeprefix("card:")
    return ""


def _last_read(log: Path, incident: str) -> float:
    """When the last finding of this incident was read, in seconds since the epoch; 0.0 before the bot says so."""
    for line in log.read_text().splitlines():
        if line.startswith("{") and f'"{incident}"' in line and '"diagnosed"' in line:
            return datetime.fromisoformat(json.loads(line)["last_read_at"]).timestamp()
    return 0.0
