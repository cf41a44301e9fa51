"""The parts' virtual environments: built by uv from a lock with hashes, kept while the lock is the same."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.errors import PartError, SandboxError
from bot.sandbox.leashed import Leashed, log_tail, start_leashed
from bot.sandbox.part import Context

STAMP = "lock.sha256"


def lock_file(context: Context, name: str) -> Path:
    """Where an environment's lock lies."""
    return context.repository / "bot" / "sandbox" / "requirements" / f"{name}.txt"


def lock_digest(context: Context, name: str) -> str:
    """What an environment is built from: its lock and the Python it is for."""
    lock = lock_file(context, name)
    if not lock.exists():
        raise SandboxError(f"{lock} is missing: run `make lock`")
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def is_built(context: Context, name: str) -> bool:
    """Whether the environment is there and made from today's lock."""
    digest, stamp = lock_digest(context, name), context.environments / name / STAMP
    return stamp.exists() and stamp.read_text() == digest


def build_environment(context: Context, name: str, started: Callable[[Leashed], None] = lambda _: None) -> bool:
    """Build the environment unless it is built already; True when there was something to do.

    Two processes that want the same one wait for each other. `started` is told each program, so that the
    caller can stop it. Raises PartError with uv's last words when uv fails.
    """
    if is_built(context, name):
        return False
    context.environments.mkdir(parents=True, exist_ok=True)
    with exclusive(context.environments / f"{name}.building"):
        if is_built(context, name):
            return False
        folder = context.environments / name
        log = context.environments / f"{name}.log"
        log.unlink(missing_ok=True)
        uv = find_uv()
        lock = lock_file(context, name)
        for command in (
            (uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, str(folder)),
            (
                uv,
                "pip",
                "sync",
                "--quiet",
                "--require-hashes",
                "--python",
                str(context.python(name)),
                str(lock),
            ),
        ):
            running = start_leashed(command, log, variables=os.environ, folder=context.environments)
            started(running)
            code = running.process.wait()
            running.let_go()
            if code:
                raise PartError(name, f"uv could not build its environment (code {code})", log_tail(log))
        (folder / STAMP).write_text(lock_digest(context, name))
    return True


def find_uv() -> str:
    """The uv program: the one installed beside us, else the one on PATH."""
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise SandboxError("uv is not installed: `pip install 'runbook-bot[sandbox]'` brings it")
    return found


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Only one process at a time; the others wait."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
