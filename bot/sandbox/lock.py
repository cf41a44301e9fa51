"""One sandbox a state folder: a lock that the system gives back when its last holder is gone.

The file `<state>/lock` names the holder's pid for people; what counts is flock(2) on it. The leashes inherit
the descriptor, so after a `kill -9` of the supervisor the lock lasts until the last part is cleaned up.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.errors import SandboxError

STOPPING_SECONDS = 12.0


@contextmanager
def hold_state(state: Path, patience: float = STOPPING_SECONDS) -> Iterator[int]:
    """Hold `state` for this process; gives the descriptor that children may keep open.

    Refused with SandboxError while another sandbox runs on it. When its supervisor is dead but parts are
    still being ended, waits up to `patience` seconds for them.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + patience
        while not take(descriptor):
            holder = read_holder(state)
            if holder and is_alive(holder):
                raise SandboxError(
                    f"a sandbox is already running on {state} (process {holder}): "
                    "stop it with Ctrl-C in its terminal, or give another --state"
                )
            if time.monotonic() >= deadline:
                raise SandboxError(f"parts of an earlier sandbox on {state} do not end: see {state / 'lock'}")
            time.sleep(0.1)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def is_held(state: Path) -> bool:
    """Whether a sandbox runs (or is still being ended) on `state`."""
    try:
        descriptor = os.open(state / "lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not take(descriptor)
    finally:
        os.close(descriptor)


def take(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_holder(state: Path) -> int | None:
    """The pid the lock file names."""
    text = (state / "lock").read_text()
    return int(text) if text.isdigit() else None


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
