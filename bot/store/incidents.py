"""Incidents and the alerts that opened or joined them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from bot.alerts.alert import Alert
from bot.alerts.redaction import redact
from bot.flow.ports import Admission, AuditEntry, Move
from bot.incidents.incident import Incident, State
from bot.store.audit import append
from bot.store.database import Database
from bot.store.rows import from_json, stamp, to_json, unstamp
from bot.store.tables import alerts, events, incidents

KEY_KEPT = 500  # a longer key is kept as its digest
TEXT_KEPT = 4_000  # characters of an alert's text: enough to see what was said


def _incident(row: sa.Row[tuple[object, ...]]) -> Incident:
    kept = from_json(Incident, row.body)
    return replace(kept, alerts=row.alerts, last_seen_at=unstamp(row.last_seen_at))


def kept_text(text: str) -> str:
    """What is kept of an alert's text: redacted before it is cut, so that no secret is cut out of recognition."""
    return redact(text).replace("\0", "\ufffd")[:TEXT_KEPT]  # PostgreSQL refuses NUL


def _kept_key(key: str) -> str:
    return key if len(key) <= KEY_KEPT else hashlib.sha256(key.encode()).hexdigest()


class IncidentStore:
    """The `Incidents` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def admit(
        self, alert: Alert, fresh: Incident, event_id: str, entry: AuditEntry | None = None
    ) -> Admission | None:
        """See the port. A race between replicas on one key is settled by the unique index: the later one joins."""

        def work(connection: sa.Connection) -> Admission | None:
            admission = _admit(connection, alert, fresh, event_id)
            if admission is not None and admission.opened and entry is not None:
                append(connection, entry)
            return admission

        try:
            return await self._database.run(work)
        except sa.exc.IntegrityError:
            return await self._database.run(work)

    async def get(self, id: str) -> Incident | None:
        """See the port."""
        query = sa.select(incidents).where(incidents.c.id == id)
        row = await self._database.run(lambda connection: connection.execute(query).one_or_none())
        return _incident(row) if row else None

    async def change(self, id: str, move: Move) -> Incident | None:
        """See the port."""
        return await self._database.run(lambda connection: _change(connection, id, move))

    async def list_open(self) -> Sequence[Incident]:
        """See the port."""
        query = sa.select(incidents).where(incidents.c.state != State.RESOLVED.value).order_by(incidents.c.opened_at)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [_incident(row) for row in rows]


def _change(connection: sa.Connection, id: str, move: Move) -> Incident | None:
    this = incidents.c.id == id
    row = connection.execute(sa.select(incidents).where(this).with_for_update()).one_or_none()
    if row is None:
        return None
    kept = _incident(row)
    moved = move(kept)
    if moved != kept:
        values = {"state": moved.state.value, "body": to_json(moved), "key": _kept_key(moved.key)}
        connection.execute(sa.update(incidents).where(this).values(values))
    return moved


def _admit(connection: sa.Connection, alert: Alert, fresh: Incident, event_id: str) -> Admission | None:
    at = stamp(fresh.last_seen_at)
    key = _kept_key(fresh.key)
    if _is_known(connection, alert, event_id):
        return None
    query = sa.select(incidents).where(incidents.c.key == key, incidents.c.state != State.RESOLVED.value)
    # Held until the commit: nobody else counts up from the same number, or resolves it in between.
    row = connection.execute(query.with_for_update()).one_or_none()
    incident = fresh if row is None else _joined(connection, _incident(row), fresh.last_seen_at)
    if row is None:
        connection.execute(
            sa.insert(incidents).values(
                id=fresh.id,
                key=key,
                state=fresh.state.value,
                channel=fresh.channel,
                alert_ts=fresh.alert_ts,
                opened_at=stamp(fresh.opened_at),
                last_seen_at=at,
                alerts=fresh.alerts,
                body=to_json(fresh),
            )
        )
    connection.execute(
        sa.insert(alerts).values(
            channel=alert.channel,
            ts=alert.ts,
            incident=incident.id,
            event_id=event_id or None,
            text=kept_text(alert.text),
            received_at=at,
            is_over=False,
        )
    )
    if event_id:
        connection.execute(sa.insert(events).values(id=event_id, received_at=at))
    return Admission(incident, opened=row is None)


def _is_known(connection: sa.Connection, alert: Alert, event_id: str) -> bool:
    same = sa.select(alerts.c.ts).where(alerts.c.channel == alert.channel, alerts.c.ts == alert.ts)
    if connection.execute(same).first():
        return True
    return bool(event_id and connection.execute(sa.select(events).where(events.c.id == event_id)).first())


def _joined(connection: sa.Connection, incident: Incident, seen_at: datetime) -> Incident:
    moved = replace(incident, alerts=incident.alerts + 1, last_seen_at=max(incident.last_seen_at, seen_at))
    connection.execute(
        sa.update(incidents)
        .where(incidents.c.id == incident.id)
        .values(alerts=moved.alerts, last_seen_at=stamp(moved.last_seen_at))
    )
    return moved
