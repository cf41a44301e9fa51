"""Event → first reply, for the bot and for a bare bolt app, in turn, on the same Slack stand-in.

Both get the same texts at the same pace: an alert every 0.55 s, in turn in two channels, because Slack allows one
message a
second and
channel and the bot keeps to that. Every alert names another warehouse, so that each opens an incident of its own:
matched,
stored with fsync, rendered, and posted as a full card.
"""

import time

from bot.sandbox.slack.control import Workspace

CHANNELS = ("C0ALERTS", "C0COSTS")
PACE_S = 1.1


def measure(slack: Workspace, alerts: int, round_: int) -> list[int]:
    """Nanoseconds from the event's delivery to the arrival of the first reply, an alert each."""
    posted: list[tuple[str, str]] = []
    for number in range(alerts):
        due = time.monotonic() + PACE_S / len(CHANNELS)
        channel = CHANNELS[number % len(CHANNELS)]
        text = f"Database Error\n  000606 (57P03): Warehouse WH_{round_}_{number} is suspended."
        posted.append((channel, slack.say(channel, text, app="A0AIRFLOW")))
        time.sleep(max(0.0, due - time.monotonic()))
    delivered = {one["ts"]: one["delivered_ns"] for one in slack.deliveries("message")}
    replied: dict[str, int] = {}
    for call in slack.calls("chat.postMessage"):
        thread = call["args"].get("thread_ts")
        if thread and call["answer"].get("ok"):
            replied.setdefault(thread, call["received_ns"])
    return [replied[ts] - delivered[ts] for _, ts in posted]
