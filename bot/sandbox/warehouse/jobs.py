"""Statements that are running: who can stop them, and how the stop reaches the thread that computes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.warehouse.errors import Refusal, timed_out


@dataclass(eq=False, slots=True)
class Job:
    """One running statement. `stop` may come from any thread, at any moment, more than once."""

    query_id: str
    request_id: str | None
    session_id: int
    user: str
    timeout: int  # seconds; 0 = none
    detached: bool = False  # asynchronous: outlives its session
    warehouse: str | None = None  # set once the statement needs compute
    started: float = field(default_factory=time.monotonic)
    stopped: threading.Event = field(default_factory=threading.Event)
    reason: Refusal | None = None
    _interrupt: Callable[[], Any] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self, reason: Refusal) -> None:
        """Ask the statement to end with `reason`; the first reason stays."""
        with self._lock:
            self.reason = self.reason or reason
            self.stopped.set()
            if self._interrupt:
                self._interrupt()

    def checkpoint(self) -> None:
        """Raise the reason if somebody asked this statement to stop."""
        if self.reason:
            raise self.reason

    def wait(self, seconds: float) -> None:
        """Take `seconds`, or raise as soon as the statement is stopped."""
        self.stopped.wait(seconds)
        self.checkpoint()

    @contextmanager
    def interruptible(self, interrupt: Callable[[], Any]) -> Iterator[None]:
        """While inside, a stop calls `interrupt`; a stop that came before is raised here."""
        with self._lock:
            self.checkpoint()
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None


class Jobs:
    """All running statements of the account."""

    def __init__(self) -> None:
        self._running: dict[str, Job] = {}
        self._lock = threading.Lock()

    def add(self, job: Job) -> None:
        """From now on the job can be found and stopped."""
        with self._lock:
            self._running[job.query_id] = job

    def remove(self, job: Job) -> None:
        """The job is over."""
        with self._lock:
            self._running.pop(job.query_id, None)

    def all(self) -> list[Job]:
        """A copy, safe to walk."""
        with self._lock:
            return list(self._running.values())

    def find(self, query_id: str) -> Job | None:
        """The running job of that query id."""
        return self._running.get(query_id)

    def on(self, warehouse: str) -> list[Job]:
        """Those that use the warehouse's compute."""
        return [job for job in self.all() if job.warehouse == warehouse]

    def end_with_session(self, session_id: int, reason: Refusal) -> None:
        """Stop what a session that logs out leaves running, but for its asynchronous statements."""
        for job in self.all():
            if job.session_id == session_id and not job.detached:
                job.stop(reason)

    def expire(self) -> None:
        """Stop what is past its timeout; interrupt again what was stopped and still computes.

        The second half matters: an interrupt that arrives between two DuckDB statements of one job is lost.
        """
        now = time.monotonic()
        for job in self.all():
            if job.reason:
                job.stop(job.reason)
            elif job.timeout and now - job.started > job.timeout:
                job.stop(timed_out(job.timeout))
