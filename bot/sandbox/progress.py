"""What the person sees while the sandbox starts: one line a part."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text


class Phase(StrEnum):
    """Where a part is on its way."""

    BUILDING = "building environment"
    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


MOVING = (Phase.BUILDING, Phase.STARTING)


@dataclass(frozen=True, slots=True)
class Row:
    """One part's line: its phase, since when (seconds of the board's clock), and words that explain it."""

    phase: Phase
    since: float
    words: str = ""

    def text(self, now: float) -> str:
        """The line without the part's name; "ready" keeps the seconds it took, moving phases count on."""
        if self.phase in MOVING:
            return f"{self.phase} … {now - self.since:.0f} s"
        return f"{self.phase} {self.words}".rstrip()


class Board:
    """The lines of all parts. `report` may be called from any thread; `on_change` hears every new line."""

    def __init__(
        self,
        names: Iterable[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[str, str], None] | None = None,
    ) -> None:
        self._clock = clock
        self._on_change = on_change
        self._lock = threading.Lock()
        self._spinner = Spinner("dots")
        self._rows = {name: Row(Phase.WAITING, clock()) for name in names}
        self._begun: dict[str, float] = {}

    def report(self, name: str, phase: Phase, words: str = "") -> None:
        """A part entered a phase; from "starting" on its time counts, and "ready" says how long it took."""
        with self._lock:
            now = self._clock()
            row = Row(phase, now, words)
            if phase is Phase.STARTING:
                self._begun[name] = now
            if phase is Phase.READY:
                row = replace(row, words=f"in {now - self._begun.get(name, now):.1f} s")
            self._rows[name] = row
        if self._on_change:
            self._on_change(name, row.text(now))

    def lines(self) -> dict[str, str]:
        """Every part's line now."""
        with self._lock:
            return {name: row.text(self._clock()) for name, row in self._rows.items()}

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 1))
        marks = {Phase.READY: Text("✓", "green"), Phase.FAILED: Text("✗", "red")}
        for name, line in self.lines().items():
            phase = self._rows[name].phase
            mark = self._spinner if phase in MOVING else marks.get(phase, Text("·", "dim"))
            table.add_row(mark, Text(f"{name:<10}"), Text(line, "dim" if phase in MOVING else ""))
        return table


@contextmanager
def show_board(console: Console, names: Iterable[str]) -> Iterator[Board]:
    """A live board on a terminal; elsewhere (a file, CI) a plain line for every change."""
    if not console.is_terminal:
        yield Board(names, on_change=lambda name, line: console.print(f"{name}: {line}", markup=False))
        return
    board = Board(names)
    with Live(board, console=console, refresh_per_second=8):
        yield board
