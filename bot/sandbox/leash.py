"""A leash: runs one program and ends its whole family when the holder lets go (standard library only).

`python -I -S leash.py GRACE COMMAND …` with a pipe on stdin. When the pipe's other end closes (the holder
closed it, crashed, or was killed with -9) or SIGTERM comes, the program's process group gets SIGTERM; what is
left of its descendants after GRACE seconds gets SIGKILL. When the program ends by itself, descendants it left
behind are ended too. Exit code: the program's own (128 + signal number when a signal ended it).

On Linux the leash is a "child subreaper": descendants that lost their parent, even in sessions of their own,
become its children, so none can hide; and the program gets SIGTERM should the leash itself be killed.
Elsewhere (macOS) descendants are those that `ps` shows at the moment of ending, plus the process group.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
KILL_SECONDS = 5.0
HOLDER = 0  # stdin


def main(arguments: list[str]) -> int:
    """Run the command until it ends or the holder lets go; returns the exit code."""
    grace, command = float(arguments[0]), arguments[1:]
    wakeup, notifier = os.pipe()
    for end in (wakeup, notifier):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(notifier, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    family = Family(command, adopt_orphans())
    while family.code is None and not let_go(wakeup):
        family.reap()
    end_family(family, wakeup, grace)
    return family.code or 0


class Family:
    """The program and everything that descends from it."""

    def __init__(self, command: list[str], in_child: Callable[[], None] | None) -> None:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=in_child,  # noqa: PLW1509 - the leash has one thread
        )
        self.program = program.pid
        self.code: int | None = None
        self.known: set[int] = set()
        program.returncode = 0  # reaped here, by waitpid(-1), not by Popen

    def reap(self) -> None:
        """Collect ended children, adopted ones too; notes the program's own exit code."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.program:
                    code = os.waitstatus_to_exitcode(status)
                    self.code = code if code >= 0 else 128 - code

    def members(self) -> set[int]:
        """Every living descendant, those seen before that have lost their parent included."""
        parents = process_parents()
        found = {os.getpid()}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        self.known = (found | self.known & parents.keys()) - {os.getpid()}
        return self.known

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the program's process group (it leads one of its own)."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.program, number)

    def signal_all(self, number: signal.Signals) -> None:
        """Signal every living member."""
        for pid in self.members():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)


def let_go(wakeup: int) -> bool:
    """Wait for news; True when the holder let go of the pipe or a signal asks us to end."""
    ready, _, _ = select.select([HOLDER, wakeup], [], [])
    asked = set(os.read(wakeup, 4096)) - {signal.SIGCHLD} if wakeup in ready else set()
    return bool(asked) or (HOLDER in ready and os.read(HOLDER, 4096) == b"")


def end_family(family: Family, wakeup: int, grace: float) -> None:
    """SIGTERM, up to `grace` seconds of patience, then SIGKILL until nobody is left."""
    family.members()
    family.signal_group(signal.SIGTERM)
    if not gone_within(family, wakeup, grace, signal.SIGTERM):
        family.signal_group(signal.SIGKILL)
        family.signal_all(signal.SIGKILL)
        gone_within(family, wakeup, KILL_SECONDS, signal.SIGKILL)


def gone_within(family: Family, wakeup: int, seconds: float, to_orphans: signal.Signals) -> bool:
    """True once no member is left; what outlives the program itself is signalled too."""
    deadline = time.monotonic() + seconds
    told: set[int] = set()
    while True:
        family.reap()
        members = family.members()
        if not members:
            return True
        if time.monotonic() >= deadline:
            return False
        if family.code is not None:
            for pid in members - told:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, to_orphans)
            told |= members
        if select.select([wakeup], [], [], 0.1)[0]:
            os.read(wakeup, 4096)


def process_parents() -> dict[int, int]:
    """Living processes to their parents (ended ones that nobody collected yet are left out)."""
    if not Path("/proc/self/stat").exists():
        shown = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
        rows = (line.split() for line in shown.stdout.splitlines())
        return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                # "pid (name) state parent …", and the name may itself hold blanks and brackets
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    parents[int(folder.name)] = int(parent)
    return parents


def adopt_orphans() -> Callable[[], None] | None:
    """Become the subreaper (Linux); returns what the program's process must do before it starts."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot become the subreaper of the program's descendants")
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
