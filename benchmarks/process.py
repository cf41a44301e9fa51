"""The program under measurement, as a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.sandbox.slack.control import Workspace

CONNECTED_WITHIN_S = 30


@contextmanager
def connected(
    command: Sequence[str], environment: Mapping[str, str], slack: Workspace, log: Path
) -> Iterator[tuple[int, float]]:
    """Start it; its pid and the seconds until its socket was open at Slack. Ended with SIGTERM."""
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    started = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], env=base | dict(environment), stdout=output, stderr=output
        )
    try:
        slack.wait_for(lambda: slack.connections() > 0, CONNECTED_WITHIN_S)
        yield process.pid, time.monotonic() - started
    finally:
        process.terminate()
        process.wait(timeout=20)
        slack.wait_for(lambda: slack.connections() == 0, 10)


def memory_mb(pid: int) -> float:
    """Resident memory in MB (10^6 bytes)."""
    answer = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(answer.stdout) * 1024 / 1e6
