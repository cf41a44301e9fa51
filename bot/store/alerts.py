"""What became of alerts after they were admitted, and how far each channel was read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.alerts.alert import Alert
from bot.store.database import Database
from bot.store.incidents import kept_text
from bot.store.rows import stamp, unstamp
from bot.store.tables import alerts, cursors


class AlertStore:
    """The `Alerts` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def edited(self, alert: Alert, *, is_over: bool, at: datetime) -> str:
        """See the port."""
        values = {"text": kept_text(alert.text), "edited_at": stamp(at), "is_over": is_over}
        return await self._change(alert.channel, alert.ts, values)

    async def deleted(self, channel: str, ts: str, at: datetime) -> str:
        """See the port."""
        return await self._change(channel, ts, {"deleted_at": stamp(at)})

    async def _change(self, channel: str, ts: str, values: dict[str, Any]) -> str:
        this = sa.and_(alerts.c.channel == channel, alerts.c.ts == ts)

        def work(connection: sa.Connection) -> str:
            connection.execute(sa.update(alerts).where(this).values(values))
            return connection.execute(sa.select(alerts.c.incident).where(this)).scalar_one_or_none() or ""

        return await self._database.run(work)

    async def notes(self, incident: str) -> Sequence[str]:
        """See the port."""
        query = sa.select(alerts).where(alerts.c.incident == incident).order_by(alerts.c.received_at)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [note for row in rows if (note := _note(row))]


def _note(row: sa.Row[tuple[object, ...]]) -> str:
    if row.deleted_at:
        return f"The alert was deleted at {unstamp(row.deleted_at):%H:%M} UTC."
    if row.edited_at and row.is_over:
        return f"The alert was edited at {unstamp(row.edited_at):%H:%M} UTC and no longer reports this incident."
    return f"The alert was edited at {unstamp(row.edited_at):%H:%M} UTC." if row.edited_at else ""


class CursorStore:
    """The `Cursors` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read_to(self, channel: str) -> str:
        """See the port."""
        query = sa.select(cursors.c.ts).where(cursors.c.channel == channel)
        return await self._database.run(lambda connection: connection.execute(query).scalar_one_or_none()) or ""

    async def advance(self, channel: str, ts: str) -> None:
        """See the port. Slack's ts is `seconds.microseconds` of equal width, so text order is time order."""
        row = self._database.insert(cursors).values(channel=channel, ts=ts)
        put = row.on_conflict_do_update(index_elements=[cursors.c.channel], set_={"ts": ts}, where=cursors.c.ts < ts)
        await self._database.run(lambda connection: connection.execute(put))
