"""Third floor of the stand-in: brings events, interactions and commands to the app, again when they are not acked."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol

from bot.sandbox.slack.faults import DELIVERY_FAULTS, Faults
from bot.sandbox.slack.journal import Delivery, Journal
from bot.sandbox.slack.seed import App
from bot.sandbox.slack.settings import Settings

WAITING_RETRIES = 10_000


@dataclass(frozen=True, slots=True)
class Ack:
    """How an attempt ended. `body` is what the app answered with; `reason` says why it failed."""

    ok: bool
    reason: str = ""
    body: Any = None
    no_retry: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """One attempt at delivering a payload (already JSON, so that a later retry sends the same)."""

    id: str
    kind: str  # events_api, interactive or slash_commands
    payload: str
    retry: int = 0
    retry_reason: str = ""


class Carrier(Protocol):
    """Socket Mode or HTTP."""

    name: str

    def send(self, app: App, envelope: Envelope, done: Callable[[Ack], None]) -> None:
        """Try once; call `done` exactly once, within the ack time."""
        ...


class Deliverer:
    """Chooses the carrier, keeps the journal, redelivers events; interactions are tried once, as in Slack."""

    def __init__(self, settings: Settings, journal: Journal, faults: Faults, carrier: Carrier) -> None:
        self._settings = settings
        self._journal = journal
        self._faults = faults
        self._retries: set[asyncio.TimerHandle] = set()
        self._stopped = False
        self.carrier = carrier
        self.on_outcome: Callable[[Delivery], None] = lambda delivery: None

    def deliver_event(self, app: App, payload: dict[str, Any]) -> None:
        """Send an event_callback, now and up to three times more until it is acked."""
        event = payload["event"]
        kind = str(event["type"])
        delivery = self._journal.open_delivery(kind, payload["event_id"], event.get("event_ts"))
        envelope = Envelope(_envelope_id(), "events_api", json.dumps(payload))
        fault = self._faults.strike(DELIVERY_FAULTS, kind)
        if fault is None:
            self._try_event(app, envelope, delivery)
        elif fault.kind == "lose_delivery":
            self._settle(delivery, Ack(False, "lost on demand"), "gave_up")
        elif fault.kind == "delay_delivery":
            self._later(fault.seconds, lambda: self._try_event(app, envelope, delivery))
        else:
            self._try_event(app, envelope, delivery)
            again = self._journal.open_delivery(kind, payload["event_id"], event.get("event_ts"))
            self._try_event(app, Envelope(_envelope_id(), "events_api", envelope.payload), again)

    async def deliver_interaction(self, app: App, kind: str, payload: dict[str, Any]) -> tuple[Ack, Delivery]:
        """Send a click, submission, shortcut or command once and wait for its ack."""
        name = str(payload.get("type") or payload.get("command"))
        delivery = self._journal.open_delivery(name, str(payload.get("trigger_id", "")), None)
        answered: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()

        def done(ack: Ack) -> None:
            if not answered.done():  # whoever waited may have gone
                answered.set_result(ack)

        self._attempt(app, Envelope(_envelope_id(), kind, json.dumps(payload)), delivery, done)
        ack = await answered
        failure = "operation_timeout" if "timeout" in ack.reason else "dispatch_failed"
        self._settle(delivery, ack, "acked" if ack.ok else failure)
        return ack, delivery

    def stop(self) -> None:
        """Forget the redeliveries that are still to come; nothing is tried again after this."""
        self._stopped = True
        for handle in self._retries:
            handle.cancel()
        self._retries.clear()

    def _try_event(self, app: App, envelope: Envelope, delivery: Delivery) -> None:
        def done(ack: Ack) -> None:
            waits = self._settings.retry_after
            if ack.ok:
                self._settle(delivery, ack, "acked")
            elif self._stopped or ack.no_retry or envelope.retry >= len(waits) or len(self._retries) >= WAITING_RETRIES:
                self._settle(delivery, ack, "gave_up")
            else:
                delivery.reason = ack.reason
                again = Envelope(envelope.id, envelope.kind, envelope.payload, envelope.retry + 1, ack.reason)
                self._later(waits[envelope.retry], lambda: self._try_event(app, again, delivery))

        self._attempt(app, envelope, delivery, done)

    def _attempt(self, app: App, envelope: Envelope, delivery: Delivery, done: Callable[[Ack], None]) -> None:
        delivery.attempts += 1
        delivery.via = self.carrier.name
        if not delivery.delivered_ns:
            delivery.delivered_ns = time.monotonic_ns()
        self.carrier.send(app, envelope, done)

    def _settle(self, delivery: Delivery, ack: Ack, outcome: str) -> None:
        if ack.ok:
            delivery.acked_ns = time.monotonic_ns()
        delivery.outcome = outcome
        delivery.reason = ack.reason
        self.on_outcome(delivery)

    def _later(self, seconds: float, call: Callable[[], None]) -> None:
        def run() -> None:
            self._retries.discard(handle)
            call()

        handle = asyncio.get_running_loop().call_later(seconds, run)
        self._retries.add(handle)


def _envelope_id() -> str:
    raw = token_hex(16)
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
