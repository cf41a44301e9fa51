"""What the flow needs from the outside, as Protocols of at most four methods; app.py hands in the real ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.alerts.alert import Alert
from bot.diagnostics.finding import Finding
from bot.diagnostics.probe import Scope
from bot.flow.card import Card, PlanView
from bot.incidents.incident import Incident
from bot.remediation.outcome import Outcome
from bot.remediation.plan import Plan
from bot.remediation.remedy import Command, Draft


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """UTC, aware."""
        ...


class Mood(StrEnum):
    """What the reaction on the alert says; one at a time."""

    LOOKING = "eyes"
    ACKNOWLEDGED = "raised_hand"
    REMEDYING = "wrench"
    RESOLVED = "white_check_mark"


class Desk(Protocol):
    """The Slack side of the flow. Each call returns when Slack has it, in order per channel; it raises
    IntegrationError."""

    async def show(self, card: Card) -> str:
        """Post the card into its thread, or edit it where `incident.card_ts` is set; returns the card's ts."""
        ...

    async def find(self, incident: Incident) -> str:
        """The ts of this incident's card in its thread if it was posted before, else ""."""
        ...

    async def mark(self, channel: str, ts: str, mood: Mood) -> None:
        """Set the one reaction that tells the state on the alert."""
        ...

    async def tell(self, person: str, channel: str, thread_ts: str, text: str) -> None:
        """Say something that only this person sees; `text` is plain and is escaped here."""
        ...


Move = Callable[[Incident], Incident]


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of an alert: it `opened` the incident or joined it."""

    incident: Incident
    opened: bool


class Incidents(Protocol):
    """Incidents as kept."""

    async def admit(
        self, alert: Alert, fresh: Incident, event_id: str, entry: "AuditEntry | None" = None
    ) -> Admission | None:
        """In one transaction: note the alert and open `fresh`, or join the open incident of the same key.

        None when this alert (channel, ts) or this event was admitted before; `event_id` is "" where there was no event.
        `entry` is the line of the audit log for opening it, written with it.
        """
        ...

    async def get(self, id: str) -> Incident | None:
        """The incident with this id."""
        ...

    async def change(self, id: str, move: Move) -> Incident | None:
        """In one transaction: apply `move` to the incident as it is kept now, write it, and give it; None when unknown.

        What `move` raises leaves everything as it was. It is pure, does not move `alerts` nor `last_seen_at` (only
        `admit` does), and runs outside the event loop's thread. Of two moves at once, in any process, the second sees
        the first.
        """
        ...

    async def list_open(self) -> Sequence[Incident]:
        """Every open incident, oldest first."""
        ...


class Alerts(Protocol):
    """What became of the alerts of an incident after they were admitted, and how far each channel was read."""

    async def edited(self, alert: Alert, *, is_over: bool, at: datetime) -> str:
        """Note that an admitted alert's text changed; its incident's id, or "" when it was never admitted."""
        ...

    async def deleted(self, channel: str, ts: str, at: datetime) -> str:
        """Note that an admitted alert was deleted; its incident's id, or "" when it was never admitted."""
        ...

    async def notes(self, incident: str) -> Sequence[str]:
        """One sentence for each alert of the incident that was edited or deleted, oldest first."""
        ...


class Cursors(Protocol):
    """How far each channel was read, so that a restarted bot knows what it missed."""

    async def read_to(self, channel: str) -> str:
        """The newest ts seen in the channel; "" when it was never read."""
        ...

    async def advance(self, channel: str, ts: str) -> None:
        """Move the channel's cursor forward; never back."""
        ...


class Findings(Protocol):
    """The last findings of an incident, so that its card can be drawn again after a restart."""

    async def keep(self, incident: str, findings: Mapping[str, Finding]) -> None:
        """Replace the kept findings."""
        ...

    async def load(self, incident: str) -> Mapping[str, Finding]:
        """The kept findings; {} when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log: who did what to which plan or incident, when, and what came of it."""

    at: datetime
    person: str
    action: str
    incident: str
    plan: str
    detail: Mapping[str, Any]


class Plans(Protocol):
    """Plans and what became of them."""

    async def add(self, plan: Plan) -> None:
        """Keep a new plan at stage `offered`."""
        ...

    async def get(self, id: str) -> PlanView | None:
        """A plan and its outcome so far."""
        ...

    async def of_incident(self, incident: str) -> Sequence[PlanView]:
        """Every plan of the incident, oldest first; with "" every plan that was approved and is not at its end."""
        ...

    async def advance(self, id: str, expected: Outcome, outcome: Outcome, entry: AuditEntry | None = None) -> bool:
        """Write `outcome` only if the kept one still is `expected`; False when somebody was faster.

        `entry` is its line in the audit log, written with it or not at all: no decision is ever kept without its line.
        """
        ...


class Audit(Protocol):
    """The append-only, hash-chained log."""

    async def append(self, entry: AuditEntry) -> None:
        """Add a line; its hash covers the line before it."""
        ...


class Headlines(Protocol):
    """How a case that no alert opened gets its thread."""

    async def open_thread(self, channel: str, text: str) -> str:
        """Post a plain message (escaped here) and return its ts; the case's card goes into its thread."""
        ...


class Systems(Protocol):
    """The connected integrations; every call runs in that integration's own threads, with a deadline.

    Raises IntegrationError (NotConnected when the system has no settings) and EntityError for arguments of the wrong
    shape.
    """

    async def read(self, probe: str, arguments: Mapping[str, Any], scope: Scope) -> Any:
        """Facts of the probe."""
        ...

    async def draft(self, remedy: str, arguments: Mapping[str, Any], scope: Scope) -> Draft:
        """Read the state that the remedy needs and plan on it; changes nothing."""
        ...

    async def perform(self, remedy: str, command: Command, scope: Scope) -> str:
        """Run one command of an approved plan with the change client; returns what the system said."""
        ...

    def deadline_of(self, probe: str) -> float:
        """Seconds that a read of this probe may take."""
        ...


class People(Protocol):
    """Who may approve now."""

    async def on_call(self) -> frozenset[str]:
        """Slack user ids of who is on call now; empty when nobody is known."""
        ...

    async def leads(self) -> frozenset[str]:
        """Slack user ids of the leads."""
        ...


class Engine(Protocol):
    """Durable execution: a started remedy is finished even if the process is killed."""

    async def start_remedy(self, plan: str) -> None:
        """Begin running an approved plan; the same plan twice is one run."""
        ...
