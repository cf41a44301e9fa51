"""Sessions: what a logged-in client has chosen (role, warehouse, parameters) and the lane it computes in."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.warehouse import errors

if TYPE_CHECKING:
    from bot.sandbox.warehouse.engine import Lane

VALIDITY_SECONDS = 3600
MASTER_VALIDITY_SECONDS = 14400
_IDLE_SECONDS = MASTER_VALIDITY_SECONDS

DEFAULTS: dict[str, Any] = {
    "QUERY_TAG": "",
    "STATEMENT_TIMEOUT_IN_SECONDS": 172800,
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": 0,
    "TIMEZONE": "Etc/UTC",
    "AUTOCOMMIT": True,
    "MULTI_STATEMENT_COUNT": 1,
}


@dataclass(eq=False, slots=True)
class Session:
    """One logged-in client. `enforce` is false only for the control interface."""

    id: int
    user: str
    role: str
    warehouse: str | None
    lane: Lane
    parameters: dict[str, Any] = field(default_factory=dict)
    inherited: dict[str, Any] = field(default_factory=dict)  # what account and user had set when it logged in
    enforce: bool = True
    client: str = ""  # the driver's version
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    master: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    renewed: float = field(default_factory=time.monotonic)
    seen: float = field(default_factory=time.monotonic)
    last_query: str | None = None
    temporary: set[str] = field(default_factory=set)

    def parameter(self, name: str) -> Any:
        """The session's value of a parameter, or its user's, or the account's."""
        return self.parameters.get(name, self.inherited.get(name, DEFAULTS.get(name)))


class Sessions:
    """Open sessions by token. Thread-safe."""

    def __init__(self) -> None:
        self._by_token: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._next_id = 1_000_001

    def open(self, user: str, role: str, warehouse: str | None, lane: Lane) -> Session:
        """A new session with a fresh pair of tokens."""
        with self._lock:
            session = Session(self._next_id, user, role, warehouse, lane)
            self._next_id += 1
            self._by_token[session.token] = session
            return session

    def find(self, token: str | None) -> Session:
        """The session of a token; refused with 390103 or 390104."""
        if not token:
            raise errors.token_missing()
        session = self._by_token.get(token)
        if session is None:
            raise errors.session_gone()
        session.seen = time.monotonic()
        if session.seen - session.renewed > VALIDITY_SECONDS:
            raise errors.session_expired()
        return session

    def renew(self, master: str | None) -> Session:
        """Exchange the master token for a new session token; the old one ends."""
        with self._lock:
            for token, session in self._by_token.items():
                if master and secrets.compare_digest(session.master, master):
                    del self._by_token[token]
                    session.token, session.renewed = secrets.token_urlsafe(32), time.monotonic()
                    self._by_token[session.token] = session
                    return session
        raise errors.session_gone()

    def close(self, session: Session) -> None:
        """Log out: the tokens end and the lane is freed."""
        with self._lock:
            self._by_token.pop(session.token, None)
        session.lane.close()

    def all(self) -> list[Session]:
        """A copy, safe to walk."""
        with self._lock:
            return list(self._by_token.values())

    def expire_tokens(self) -> None:
        """Make every session token as old as one that has to be renewed."""
        for session in self.all():
            session.renewed = time.monotonic() - VALIDITY_SECONDS - 1

    def forget_idle(self) -> None:
        """Close sessions nobody used for longer than the master token lives."""
        for session in self.all():
            if time.monotonic() - session.seen > _IDLE_SECONDS:
                self.close(session)
