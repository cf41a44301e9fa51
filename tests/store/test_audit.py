"""The audit log: it only grows, and a changed line is found."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.flow.ports import AuditEntry
from bot.store.audit import AuditStore
from bot.store.database import Database
from bot.store.tables import audit
from tests.store.conftest import NOW


def an_entry(number: int = 0, **detail: Any) -> AuditEntry:
    """A line."""
    return AuditEntry(NOW + timedelta(seconds=number), "UANN", "remedy approved", "inc-1", f"plan-{number}", detail)


async def a_log(database: Database, lines: int = 5) -> AuditStore:
    """A log with some lines."""
    log = AuditStore(database)
    for number in range(lines):
        await log.append(an_entry(number, digest="0f", people=["UANN"], quota=1.5))
    return log


@pytest.mark.parametrize("lines", [0, 1, 5])
async def test_a_log_as_it_was_written_is_whole(database: Database, lines: int) -> None:
    """Empty or not, nothing is wrong with it."""
    log = await a_log(database, lines)
    assert await log.broken_at() is None


@pytest.mark.parametrize(
    ("tamper", "line"),
    [
        (sa.update(audit).where(audit.c.sequence == 3).values(person="UEVE"), 3),
        (sa.update(audit).where(audit.c.sequence == 3).values(detail='{"quota": 9}'), 3),
        (sa.update(audit).where(audit.c.sequence == 3).values(at="2026-01-01"), 3),
        (sa.update(audit).where(audit.c.sequence == 5).values(hash="0" * 64), 5),
        (sa.delete(audit).where(audit.c.sequence == 2), 3),
        (sa.delete(audit).where(audit.c.sequence == 1), 2),
        (sa.update(audit).where(audit.c.sequence == 4).values(sequence=9), 5),
    ],
    ids=["person", "detail", "time", "hash", "line gone", "first gone", "numbers"],
)
async def test_the_first_tampered_line_is_found(database: Database, tamper: Any, line: int) -> None:
    """Whatever was changed or taken out, the log says from where on it cannot be trusted."""
    log = await a_log(database)
    await database.run(lambda connection: connection.execute(tamper))
    assert await log.broken_at() == line


async def test_two_lines_cannot_change_places(database: Database) -> None:
    """Each hash covers the line before."""
    log = await a_log(database)

    def swap(connection: sa.Connection) -> None:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(sa.update(audit).where(audit.c.sequence == old).values(sequence=new))

    await database.run(swap)
    assert await log.broken_at() == 2


async def test_lines_that_come_at_once_are_all_kept_in_one_chain(database: Database) -> None:
    """Two replicas, many verbs: no line is lost and the chain holds."""
    logs = [AuditStore(database), AuditStore(database)]
    await asyncio.gather(*(logs[number % 2].append(an_entry(number)) for number in range(24)))
    query: Callable[[sa.Connection], Any] = lambda c: list(c.execute(sa.select(audit.c.sequence)).scalars())  # noqa: E731  one word for both databases
    assert sorted(await database.run(query)) == list(range(1, 25))
    assert await logs[0].broken_at() is None


async def test_detail_may_hold_what_json_does_not_know(database: Database) -> None:
    """A time or a set in the detail is written as text: an audit line is never refused."""
    log = AuditStore(database)
    await log.append(an_entry(at=NOW, people={"UANN"}))
    assert await log.broken_at() is None
