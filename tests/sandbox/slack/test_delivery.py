"""Redelivery with a carrier that is a fake: what is retried, when it ends, what the journal says."""

import asyncio

import pytest

from bot.sandbox.slack.delivery import Ack, Deliverer
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.seed import ALERTING_APP
from bot.sandbox.slack.settings import Settings

PAYLOAD = {"event_id": "Ev1", "event": {"type": "message", "event_ts": "1.0"}}


class FakeCarrier:
    """Answers each attempt with the next of its acks; keeps the envelopes."""

    name = "fake"

    def __init__(self, *acks):
        self.acks = list(acks)
        self.envelopes = []

    def send(self, app, envelope, done):
        self.envelopes.append(envelope)
        done(self.acks.pop(0))


@pytest.fixture
def deliver():
    """A deliverer over a fake carrier; (deliverer, journal, faults, outcomes)."""

    def make(carrier, **settings):
        journal, faults, outcomes = Journal(100), Faults(), []
        deliverer = Deliverer(Settings(**{"retry_after": (0.0, 0.0, 0.0), **settings}), journal, faults, carrier)
        deliverer.on_outcome = lambda delivery: outcomes.append(delivery.outcome)
        return deliverer, journal, faults, outcomes

    return make


async def settle(outcomes, count=1):
    """Let the loop run until that many deliveries are decided, a minute at most."""
    async with asyncio.timeout(60):
        while len(outcomes) < count:  # noqa: ASYNC110 - a plain list has no event
            await asyncio.sleep(0.001)


async def test_an_acked_event_is_sent_once(deliver):
    """One attempt, one ack, both times kept."""
    carrier = FakeCarrier(Ack(True))
    deliverer, journal, _, outcomes = deliver(carrier)
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    await settle(outcomes)
    delivery = journal.deliveries()[0]
    assert (delivery["outcome"], delivery["attempts"], delivery["ts"]) == ("acked", 1, "1.0")
    assert delivery["delivered_ns"] <= delivery["acked_ns"]


async def test_a_retry_says_its_number_and_why(deliver):
    """The second attempt carries retry 1, the reason of the first and the same payload."""
    carrier = FakeCarrier(Ack(False, "http_error"), Ack(True))
    deliverer, journal, _, outcomes = deliver(carrier)
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    await settle(outcomes)
    assert [(e.retry, e.retry_reason) for e in carrier.envelopes] == [(0, ""), (1, "http_error")]
    assert carrier.envelopes[0].payload == carrier.envelopes[1].payload
    assert journal.deliveries()[0]["attempts"] == 2


async def test_it_gives_up_after_the_settings_retries(deliver):
    """As many retries as there are waits, then gave_up with the last reason."""
    carrier = FakeCarrier(*[Ack(False, f"r{n}") for n in range(3)])
    deliverer, journal, _, outcomes = deliver(carrier, retry_after=(0.0, 0.0))
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    await settle(outcomes)
    delivery = journal.deliveries()[0]
    assert (delivery["outcome"], delivery["attempts"], delivery["reason"]) == ("gave_up", 3, "r2")


async def test_no_retry_means_no_retry(deliver):
    """An app that says no_retry is left alone."""
    carrier = FakeCarrier(Ack(False, "http_error", no_retry=True))
    deliverer, _, _, outcomes = deliver(carrier)
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    await settle(outcomes)
    assert outcomes == ["gave_up"]


async def test_the_wait_is_the_settings(deliver):
    """A retry does not come before its time, and a stopped deliverer forgets it."""
    carrier = FakeCarrier(Ack(False, "timeout"), Ack(True))
    deliverer, journal, _, _ = deliver(carrier, retry_after=(60.0,))
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    await asyncio.sleep(0.02)
    assert (len(carrier.envelopes), journal.deliveries()[0]["outcome"]) == (1, "waiting")
    deliverer.stop()
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    carrier.acks.append(Ack(False, "timeout"))
    assert len(carrier.envelopes) == 2


@pytest.mark.parametrize(
    ("ack", "outcome"),
    [(Ack(True), "acked"), (Ack(False, "http_timeout"), "operation_timeout"), (Ack(False, "x"), "dispatch_failed")],
)
async def test_interactions_are_tried_once(deliver, ack, outcome):
    """A click is never retried; its outcome is what the person is shown."""
    carrier = FakeCarrier(ack)
    deliverer, _, _, _ = deliver(carrier)
    answered, delivery = await deliverer.deliver_interaction(ALERTING_APP, "interactive", {"type": "block_actions"})
    assert (answered, delivery.outcome, delivery.kind) == (ack, outcome, "block_actions")
    assert len(carrier.envelopes) == 1


async def test_faults_double_lose_and_delay(deliver):
    """deliver_twice makes two envelopes of one event, lose_delivery none, delay_delivery a late one."""
    carrier = FakeCarrier(*[Ack(True)] * 9)
    deliverer, _, faults, outcomes = deliver(carrier)
    for kind, expected in (("deliver_twice", 2), ("lose_delivery", 0)):
        carrier.envelopes.clear()
        faults.set({"kind": kind, "times": 1, "method": "message"})
        deliverer.deliver_event(ALERTING_APP, PAYLOAD)
        assert len({envelope.id for envelope in carrier.envelopes}) == expected
    faults.set({"kind": "delay_delivery", "times": 1, "seconds": 0.02})
    deliverer.deliver_event(ALERTING_APP, PAYLOAD)
    assert carrier.envelopes == []
    await settle(outcomes, 4)
    assert len(carrier.envelopes) == 1


def test_the_journal_forgets_the_oldest():
    """It keeps as many calls as it was told; numbers go on, and `after` cuts."""
    journal = Journal(2)
    for method in ("a", "b", "c"):
        journal.record_call(method, None, {}, 200, {"ok": True}, 1, 2)
    assert [(call["number"], call["method"]) for call in journal.calls()] == [(2, "b"), (3, "c")]
    assert [call["method"] for call in journal.calls(after=2)] == ["c"]
    assert journal.calls("b")[0]["answer"] == {"ok": True}
