"""Beside postgres.blocked_locks: a session that waits, and one that stands in the way."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BlockedSession:
    """A session that waits. `relation` is what it waits for (a table, or the kind of lock), `blocked_by` pids."""

    pid: int
    user: str
    application: str
    query: str
    waiting_s: float
    relation: str
    mode: str
    blocked_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A session that stands in the way. `blocks` counts the sessions behind it, those behind them included.

    `backend_start` is None where the bot's role may not see it (pg_monitor); nothing can be ended then.
    `relations` are the tables that it holds exclusively, in `mode`; "" and () when it holds none that way.
    """

    pid: int
    backend_start: datetime | None
    user: str
    application: str
    state: str
    query: str
    transaction_age_s: float
    blocks: int = 0
    relations: tuple[str, ...] = ()
    mode: str = ""
