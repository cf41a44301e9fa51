"""Starts the parts side by side, watches them, and ends them all when one ends or the person leaves."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from bot.sandbox.environments import build_environment
from bot.sandbox.errors import PartError
from bot.sandbox.leashed import Leashed, log_tail, start_leashed
from bot.sandbox.part import Context, Part
from bot.sandbox.progress import Board, Phase
from bot.sandbox.variables import link_package, part_variables

POLL_SECONDS = 0.15


class _Abandoned(Exception):
    """The start of a part was called off, since another failed or the person left."""


def prepare_parts(context: Context, parts: Sequence[Part]) -> None:
    """Folders, empty logs, the link to `bot`, and each part's own `prepare`; nothing is started."""
    link_package(context)
    (context.state / "logs").mkdir(exist_ok=True)
    for part in parts:
        context.folder(part.name).mkdir(mode=0o700, exist_ok=True)
        context.log(part.name).unlink(missing_ok=True)
    for part in parts:
        if part.prepare:
            part.prepare(context)


class Supervisor:
    """The running parts of one sandbox. Every program it starts is leashed: none can outlive this process."""

    def __init__(self, context: Context, parts: Sequence[Part], board: Board, lock: int | None = None) -> None:
        self._context = context
        self._parts = {part.name: part for part in parts}
        self._board = board
        self._lock = lock
        self._guard = threading.Lock()
        self._running: dict[str, Leashed] = {}
        self._builders: list[Leashed] = []
        self._ready = {part.name: threading.Event() for part in parts}
        self._leaving = threading.Event()
        self._ended: queue.SimpleQueue[PartError] = queue.SimpleQueue()

    def start(self) -> None:
        """Return when every part is ready; PartError (the first) when one is not, with everything stopped."""
        with ThreadPoolExecutor(len(self._parts), thread_name_prefix="part") as threads:
            try:
                for done in as_completed([threads.submit(self._bring_up, part) for part in self._parts.values()]):
                    done.result()
            except _Abandoned:
                self.stop()
                raise self._ended.get() from None
            except BaseException:
                self.stop()
                raise

    def wait(self) -> PartError:
        """Block until a part ends by itself; returns which and its last words. Interrupted by signals."""
        return self._ended.get()

    def pids(self) -> dict[str, int]:
        """Each running part's leash: SIGTERM to it ends that part."""
        return {name: leashed.pid for name, leashed in self._running.items()}

    def stop(self) -> None:
        """End everything, those that depend on others first; returns when nothing is left."""
        with self._guard:
            self._leaving.set()
        for event in self._ready.values():
            event.set()
        try:
            for leashed in self._builders:
                leashed.let_go()
            dependent = [name for name in self._running if self._parts[name].depends_on]
            self._end(dependent)
            self._end([name for name in self._running if name not in dependent])
        finally:
            for leashed in self._running.values():
                leashed.let_go()

    def _bring_up(self, part: Part) -> None:
        """One part's way to ready, in a thread of its own."""
        try:
            self._build(part)
            self._board.report(part.name, Phase.WAITING, f"for {', '.join(part.depends_on)}" if part.depends_on else "")
            for name in part.depends_on:
                self._ready[name].wait()
            leashed = self._launch(part)
            self._board.report(part.name, Phase.STARTING)
            self._wait_until_healthy(part, leashed)
        except PartError as error:
            if self._leaving.is_set():
                raise _Abandoned from error
            self._board.report(part.name, Phase.FAILED, error.problem)
            raise
        self._ready[part.name].set()
        self._board.report(part.name, Phase.READY)
        threading.Thread(target=self._watch, args=(part, leashed), daemon=True).start()

    def _build(self, part: Part) -> None:
        self._board.report(part.name, Phase.BUILDING)
        for name in (part.environment, *part.also_needs):
            if name:
                build_environment(self._context, name, started=self._hold_builder)

    def _hold_builder(self, leashed: Leashed) -> None:
        with self._guard:
            self._builders.append(leashed)
            if self._leaving.is_set():
                leashed.let_go()

    def _launch(self, part: Part) -> Leashed:
        with self._guard:
            if self._leaving.is_set():
                raise _Abandoned
            self._running[part.name] = leashed = start_leashed(
                part.command,
                self._context.log(part.name),
                variables=part_variables(self._context, part, os.environ),
                folder=self._context.folder(part.name),
                grace=part.grace,
                lock=self._lock,
            )
            return leashed

    def _wait_until_healthy(self, part: Part, leashed: Leashed) -> None:
        deadline = time.monotonic() + part.deadline
        while (code := leashed.process.poll()) is None:
            problem = part.health.problem()
            if problem is None:
                return
            if time.monotonic() >= deadline:
                raise self._error(part, f"not ready within {part.deadline:.0f} s: {problem}")
            if self._leaving.wait(POLL_SECONDS):
                raise _Abandoned
        if self._leaving.is_set():
            raise _Abandoned
        raise self._error(part, f"ended with code {code} while starting")

    def _watch(self, part: Part, leashed: Leashed) -> None:
        code = leashed.process.wait()
        if not self._leaving.is_set():
            self._board.report(part.name, Phase.FAILED, f"ended with code {code}")
            self._ended.put(self._error(part, f"ended by itself with code {code}"))
            self._leaving.set()

    def _error(self, part: Part, problem: str) -> PartError:
        return PartError(part.name, problem, log_tail(self._context.log(part.name)))

    def _end(self, names: list[str]) -> None:
        for name in names:
            self._running[name].let_go()
        for name in names:
            self._running[name].stop()
            self._board.report(name, Phase.STOPPED)
            del self._running[name]
