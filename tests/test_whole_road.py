"""From a Slack payload to a resolved incident, with fakes at the edges only."""

from typing import Any

from bot.alerts.extraction import read_alert
from bot.flow.decide_remedy import decide_remedy
from bot.flow.ports import Mood
from bot.flow.request_remedy import request_remedy
from bot.flow.take_alert import take_alert
from bot.incidents.incident import State
from bot.remediation.outcome import Stage
from tests.flow.world import FakeWorld

PAYLOAD: dict[str, Any] = {
    "type": "event_callback",
    "event_id": "Ev0123",
    "event": {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "BAIRFLOW",
        "channel": "C1",
        "ts": "1772616600.000100",
        "text": "Task failed",
        "attachments": [
            {
                "color": "danger",
                "fallback": "x",
                "text": "extraction of orders timed out",
                "fields": [{"title": "Try", "value": "2"}],
            }
        ],
    },
}


async def test_a_slack_payload_becomes_a_resolved_incident() -> None:
    """The alert is answered in its thread; the person on call approves what the card offers; it helps; it is over."""
    fake = FakeWorld()
    await take_alert(read_alert(PAYLOAD["event"]), fake.world, PAYLOAD["event_id"])
    incident = fake.incident
    assert (incident.channel, incident.alert_ts) == ("C1", "1772616600.000100")
    assert fake.desk.steps == ["7 holds it, of SVC_LOADER", "12 sessions"]

    (offer, *_) = fake.desk.card.reply.offers()
    await request_remedy(incident.id, offer.name, "UASK", fake.world)
    (view,) = fake.desk.card.plans
    assert view.plan.draft.blast_radius == "cancels 1 query"
    assert fake.systems.performed == []

    await decide_remedy(view.plan.id, view.plan.digest, "UCALL", True, fake.world)
    await fake.engine.finish()
    assert fake.systems.performed == ["SELECT pg_cancel_backend(7)"]
    assert fake.desk.card.plans[0].outcome.stage is Stage.HELPED
    assert fake.desk.card.incident.state is State.RESOLVED
    assert fake.desk.marks["1772616600.000100"][-1] is Mood.RESOLVED

    await take_alert(read_alert({**PAYLOAD["event"], "ts": "1772620200.000100"}), fake.world, "Ev0456")
    assert len(fake.incidents.rows) == 2
