"""The stores of the flow, kept in memory; tests/store/test_contract.py holds them to what the real ones do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.alerts.alert import Alert
from bot.diagnostics.finding import Finding
from bot.flow.card import PlanView
from bot.flow.ports import Admission, AuditEntry, Move
from bot.incidents.incident import Incident
from bot.remediation.outcome import Outcome, Stage
from bot.remediation.plan import Plan

UNFINISHED = {Stage.APPROVED, Stage.RUNNING, Stage.VERIFYING}


@dataclass
class KeptAlert:
    """An admitted alert."""

    incident: str
    note: str = ""


@dataclass
class MemoryIncidents:
    """The `Incidents` port."""

    rows: dict[str, Incident] = field(default_factory=dict)
    alerts: dict[tuple[str, str], KeptAlert] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    audit: "MemoryAudit | None" = None

    async def admit(
        self, alert: Alert, fresh: Incident, event_id: str, entry: AuditEntry | None = None
    ) -> Admission | None:
        """See the port."""
        if (alert.channel, alert.ts) in self.alerts or event_id in self.events:
            return None
        kept = next((one for one in self.rows.values() if one.key == fresh.key and one.is_open), None)
        incident = fresh
        if kept:
            seen_at = max(kept.last_seen_at, fresh.last_seen_at)
            incident = replace(kept, alerts=kept.alerts + 1, last_seen_at=seen_at)
        self.rows[incident.id] = incident
        self.alerts[alert.channel, alert.ts] = KeptAlert(incident.id)
        self.events |= {event_id} - {""}
        if kept is None and entry is not None and self.audit is not None:
            self.audit.entries.append(entry)
        return Admission(incident, opened=kept is None)

    async def get(self, id: str) -> Incident | None:
        """See the port."""
        return self.rows.get(id)

    async def change(self, id: str, move: Move) -> Incident | None:
        """See the port."""
        if id in self.rows:
            self.rows[id] = move(self.rows[id])
        return self.rows.get(id)

    async def list_open(self) -> Sequence[Incident]:
        """See the port."""
        return sorted((one for one in self.rows.values() if one.is_open), key=lambda one: one.opened_at)


@dataclass
class MemoryAlerts:
    """The `Alerts` port over the alerts that MemoryIncidents admitted."""

    incidents: MemoryIncidents

    async def edited(self, alert: Alert, *, is_over: bool, at: datetime) -> str:
        """See the port."""
        end = " and no longer reports this incident." if is_over else "."
        return self._note(alert.channel, alert.ts, f"The alert was edited at {at:%H:%M} UTC{end}")

    async def deleted(self, channel: str, ts: str, at: datetime) -> str:
        """See the port."""
        return self._note(channel, ts, f"The alert was deleted at {at:%H:%M} UTC.")

    def _note(self, channel: str, ts: str, note: str) -> str:
        kept = self.incidents.alerts.get((channel, ts))
        if kept is None:
            return ""
        kept.note = note
        return kept.incident

    async def notes(self, incident: str) -> Sequence[str]:
        """See the port."""
        return [one.note for one in self.incidents.alerts.values() if one.incident == incident and one.note]


@dataclass
class MemoryFindings:
    """The `Findings` port."""

    rows: dict[str, dict[str, Finding]] = field(default_factory=dict)

    async def keep(self, incident: str, findings: Mapping[str, Finding]) -> None:
        """See the port."""
        self.rows[incident] = dict(findings)

    async def load(self, incident: str) -> Mapping[str, Finding]:
        """See the port."""
        return self.rows.get(incident, {})


@dataclass
class MemoryPlans:
    """The `Plans` port."""

    audit: "MemoryAudit"
    rows: dict[str, PlanView] = field(default_factory=dict)

    async def add(self, plan: Plan) -> None:
        """See the port."""
        self.rows[plan.id] = PlanView(plan, Outcome())

    async def get(self, id: str) -> PlanView | None:
        """See the port."""
        return self.rows.get(id)

    async def of_incident(self, incident: str) -> Sequence[PlanView]:
        """See the port."""
        rows = sorted(self.rows.values(), key=lambda one: one.plan.made_at)
        if incident:
            return [one for one in rows if one.plan.incident == incident]
        return [one for one in rows if one.outcome.stage in UNFINISHED]

    async def advance(self, id: str, expected: Outcome, outcome: Outcome, entry: AuditEntry | None = None) -> bool:
        """See the port."""
        if id not in self.rows or self.rows[id].outcome != expected:
            return False
        self.rows[id] = PlanView(self.rows[id].plan, outcome)
        if entry:
            self.audit.entries.append(entry)
        return True


@dataclass
class MemoryCursors:
    """The `Cursors` port."""

    rows: dict[str, str] = field(default_factory=dict)

    async def read_to(self, channel: str) -> str:
        """See the port."""
        return self.rows.get(channel, "")

    async def advance(self, channel: str, ts: str) -> None:
        """See the port."""
        self.rows[channel] = max(ts, self.rows.get(channel, ""))


@dataclass
class MemoryAudit:
    """The `Audit` port."""

    entries: list[AuditEntry] = field(default_factory=list)

    async def append(self, entry: AuditEntry) -> None:
        """See the port."""
        self.entries.append(entry)
