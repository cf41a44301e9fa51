"""Transactions: all or nothing, off the event loop, beside another writer."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import Database
from bot.store.schema import upgrade
from bot.store.tables import cursors


def add(connection: sa.Connection, channel: str) -> None:
    """A row."""
    connection.execute(sa.insert(cursors).values(channel=channel, ts="1"))


def channels(connection: sa.Connection) -> list[str]:
    """The rows."""
    return list(connection.execute(sa.select(cursors.c.channel).order_by(cursors.c.channel)).scalars())


async def test_work_that_raises_is_rolled_back_whole(database: Database) -> None:
    """Nothing of it stays, and the error is the caller's."""

    def work(connection: sa.Connection) -> None:
        add(connection, "C1")
        raise LookupError("half way")

    with pytest.raises(LookupError, match="half way"):
        await database.run(work)
    assert await database.run(channels) == []


async def test_work_is_committed_when_run_returns(database: Database) -> None:
    """Another connection sees it."""
    await database.run(lambda connection: add(connection, "C1"))
    with database.engine.connect() as other:
        assert channels(other) == ["C1"]


async def test_work_does_not_hold_up_the_event_loop(database: Database) -> None:
    """While a transaction takes its time, the loop goes on."""
    gate = threading.Event()
    slow = asyncio.create_task(database.run(lambda _: gate.wait(60)))
    await asyncio.sleep(0.01)
    assert not slow.done()
    gate.set()
    assert await slow


async def test_a_second_writer_of_the_file_waits_for_the_first(sqlite: str) -> None:
    """dbos writes to the same file: whoever comes second waits, and fails neither."""
    database = Database(sqlite)
    upgrade(database.engine)
    with closing(sqlite3.connect(str(database.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO cursors VALUES ('C2', '1')")
        waiting = asyncio.create_task(database.run(lambda connection: add(connection, "C1")))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        other.execute("COMMIT")
    await waiting
    assert await database.run(channels) == ["C1", "C2"]
    database.close()


async def test_a_commit_is_on_disk_before_it_counts(sqlite: str) -> None:
    """WAL, so that readers do not wait; full sync, so that a power cut loses no audit line."""
    database = Database(sqlite)
    pragmas = [
        await database.run(lambda connection, name=name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    database.close()
    assert pragmas == ["wal", 2, 1]


async def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    """A first start needs no preparation."""
    database = Database(f"sqlite:///{tmp_path / 'a' / 'b' / 'runbook.sqlite'}")
    upgrade(database.engine)
    database.close()
    assert (tmp_path / "a" / "b" / "runbook.sqlite").exists()
