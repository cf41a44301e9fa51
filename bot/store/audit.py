"""The audit log: append-only, each line's hash covers the line before it."""

import hashlib
import json

import sqlalchemy as sa

from bot.flow.ports import AuditEntry
from bot.store.database import Database
from bot.store.rows import stamp
from bot.store.tables import audit

FIRST = "0" * 64


def _hash(previous: str, entry: dict[str, object]) -> str:
    body = json.dumps([previous, entry], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(body.encode()).hexdigest()


def _fields(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": stamp(entry.at),
        "person": entry.person,
        "action": entry.action,
        "incident": entry.incident,
        "plan": entry.plan,
        "detail": json.dumps(dict(entry.detail), sort_keys=True, default=str),
    }


class AuditStore:
    """The `Audit` port, and the proof that nobody changed a line."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, entry: AuditEntry) -> None:
        """See the port. Those who append at once take turns; were they not to, the primary key would refuse one."""
        await self._database.run(lambda connection: append(connection, entry))

    async def broken_at(self) -> int | None:
        """The first line whose hash does not fit the lines before it, None when the whole log is as it was written."""
        return await self._database.run(_first_broken)


def append(connection: sa.Connection, entry: AuditEntry) -> None:
    """Add a line in a transaction that does more: it is kept together with that, or not at all."""
    fields = _fields(entry)
    if connection.dialect.name == "postgresql":  # on SQLite every transaction holds the one write lock
        connection.execute(sa.text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
    last = connection.execute(sa.select(audit).order_by(audit.c.sequence.desc()).limit(1)).one_or_none()
    previous = last.hash if last else FIRST
    sequence = last.sequence + 1 if last else 1
    row = sa.insert(audit).values(sequence=sequence, **fields, previous=previous, hash=_hash(previous, fields))
    connection.execute(row)


def _first_broken(connection: sa.Connection) -> int | None:
    previous = FIRST
    for row in connection.execute(sa.select(audit).order_by(audit.c.sequence)):
        fields = {name: getattr(row, name) for name in ("at", "person", "action", "incident", "plan", "detail")}
        if row.previous != previous or row.hash != _hash(previous, fields):
            return int(row.sequence)
        previous = row.hash
    return None
