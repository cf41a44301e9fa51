"""The supervisor's end of a leash: start a program that cannot outlive us, stop it, read its last words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import leash

KILL_MARGIN = leash.KILL_SECONDS + 5.0
TAIL_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Leashed:
    """A running program; `process` is its leash, which ends with the program's exit code."""

    process: subprocess.Popen[bytes]
    grace: float

    @property
    def pid(self) -> int:
        """The leash's process id: SIGTERM to it ends the program and its descendants."""
        return self.process.pid

    def let_go(self) -> None:
        """Ask the leash to end everything; returns at once."""
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()

    def stop(self) -> int:
        """End the program and all its descendants; returns the exit code."""
        self.let_go()
        return self.process.wait(self.grace + KILL_MARGIN)


def start_leashed(
    command: tuple[str, ...],
    log: Path,
    *,
    variables: Mapping[str, str],
    folder: Path,
    grace: float = 5.0,
    lock: int | None = None,
) -> Leashed:
    """Start `command` in `folder` with exactly `variables`, its output appended to `log`.

    `lock`: a descriptor the leash keeps open, so that a lock lasts until the last leash is gone.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(grace), *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(variables),
            cwd=folder,
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
            pass_fds=() if lock is None else (lock,),
        )
    return Leashed(process, grace)


def log_tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, or "" when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
