"""One database, reached from the event loop: each piece of work is one transaction in a thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Result = TypeVar("Result")
POSTGRES_THREADS = 8
SQLITE_BUSY_MS = 10_000  # dbos writes to the same file; a writer waits rather than fails


def engine_for(url: str) -> sa.Engine:
    """An engine for a SQLite file or PostgreSQL; a SQLite file's folder is made, and it is in WAL mode with full sync.

    The audit log has to survive a power cut, so a commit is on disk before it counts.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(
            parsed.set(drivername="postgresql+psycopg2"), pool_size=POSTGRES_THREADS, pool_pre_ping=True
        )
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own implicit BEGIN is deferred: two writers would then fail instead of waiting for each other.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={SQLITE_BUSY_MS}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Database:
    """Runs transactions off the event loop: one at a time on SQLite (it has one writer), up to eight on PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        threads = 1 if self.engine.dialect.name == "sqlite" else POSTGRES_THREADS
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="store")

    async def run(self, work: Callable[[sa.Connection], Result]) -> Result:
        """Commit what `work` did, or roll all of it back and raise what it raised."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._transact, work)

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An insert in this database's own dialect, which knows what to do with a row that is there already."""
        return sqlite.insert(table) if self.engine.dialect.name == "sqlite" else postgresql.insert(table)

    def _transact(self, work: Callable[[sa.Connection], Result]) -> Result:
        with self.engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Wait for the work in hand, then close every connection."""
        self._pool.shutdown(wait=True)
        self.engine.dispose()
