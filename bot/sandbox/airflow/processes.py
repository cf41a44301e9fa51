"""The launcher's third step: Airflow's three processes, kept together: one ends, all end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped, import-not-found, unused-ignore] # lives in Airflow's environment

# The log server would listen on every address; the API server reads the same folder itself.
COMPONENTS = (("api-server",), ("scheduler", "--skip-serve-logs"), ("dag-processor",))
GRACE = 3.0
"""Seconds between SIGTERM and SIGKILL: the part as a whole promises five."""


@dataclass(frozen=True, slots=True)
class Component:
    """One running Airflow process."""

    name: str
    process: subprocess.Popen[bytes]


def start_components(variables: Mapping[str, str], commands: Sequence[tuple[str, ...]] = COMPONENTS) -> list[Component]:
    """Start `airflow COMMAND` for each command in the launcher's own session; their output goes to ours."""
    return [Component(command[0], _start(command, variables)) for command in commands]


def _start(command: tuple[str, ...], variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "airflow", *command]
    return subprocess.Popen(argv, env=dict(variables), stdin=subprocess.DEVNULL)


def watch_components(components: Sequence[Component], stopping: Callable[[float], bool]) -> str | None:
    """Wait until `stopping(seconds)` says so (None) or a component ends by itself (which one, and how)."""
    while not stopping(0.2):
        for component in components:
            code = component.process.poll()
            if code is not None:
                return f"airflow {component.name} ended by itself with exit code {code}"
    return None


def stop_components(components: Sequence[Component], grace: float = GRACE) -> None:
    """End the components and everything they started, tasks included: SIGTERM, SIGKILL after `grace` s.

    Tasks lead process groups of their own, so they are looked up, not signalled as a group.
    """
    family = _find_family()
    for component in components:
        if component.process.poll() is None:
            component.process.terminate()
    psutil.wait_procs(family, timeout=grace)
    for survivor in {*family, *_find_family()}:
        _kill(survivor)
    for component in components:
        component.process.wait()


def _find_family() -> list[psutil.Process]:
    """Our descendants, and what a crashed component left behind in our session (when the session is ours)."""
    family: list[psutil.Process] = psutil.Process().children(recursive=True)
    if os.getsid(0) == os.getpid():
        family += [process for process in psutil.process_iter() if _is_of_our_session(process)]
    return family


def _is_of_our_session(process: psutil.Process) -> bool:
    try:
        return process.pid != os.getpid() and os.getsid(process.pid) == os.getpid()
    except (ProcessLookupError, PermissionError):  # it ended meanwhile, or is somebody else's
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:  # it has ended already, which is what was wanted
        return
