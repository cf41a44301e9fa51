"""The launcher's third step: Airflow's three processes, kept together; one ends, all end, and nobody stays behind."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped, import-not-found, unused-ignore] # lives in Airflow's environment

COMPONENTS = ("api-server", "scheduler", "dag-processor")
GRACE = 3.5
"""Seconds between SIGTERM and SIGKILL: the part as a whole promises five."""


@dataclass(frozen=True, slots=True)
class Component:
    """One running Airflow process."""

    name: str
    process: subprocess.Popen[bytes]


def start_components(variables: Mapping[str, str], names: Sequence[str] = COMPONENTS) -> list[Component]:
    """Start `airflow NAME` for each name in the launcher's own process group; their output goes to ours."""
    return [
        Component(
            name,
            subprocess.Popen(
                [sys.executable, "-m", "airflow", name], env=dict(variables), stdin=subprocess.DEVNULL
            ),
        )
        for name in names
    ]


def watch_components(components: Sequence[Component], stopping: Callable[[float], bool]) -> str | None:
    """Wait until `stopping(seconds)` says so (None) or a component ends by itself (which one, and how)."""
    while not stopping(0.2):
        for component in components:
            code = component.process.poll()
            if code is not None:
                return f"airflow {component.name} ended by itself with exit code {code}"
    return None


def stop_components(components: Sequence[Component], grace: float = GRACE) -> None:
    """End the components and everything they started, tasks included: SIGTERM, then SIGKILL after `grace` seconds.

    Tasks lead process groups of their own, so they are found as descendants before the first signal.
    """
    family = _find_family(components)
    for component in components:
        if component.process.poll() is None:
            component.process.terminate()
    deadline = time.monotonic() + grace
    _, alive = psutil.wait_procs(family, timeout=grace)
    for survivor in {*alive, *_find_family(components)}:
        _kill(survivor)
    psutil.wait_procs(alive, timeout=max(0.5, deadline + 1.0 - time.monotonic()))
    for component in components:
        component.process.wait()


def _find_family(components: Sequence[Component]) -> list[psutil.Process]:
    family: list[psutil.Process] = []
    for component in components:
        try:
            parent = psutil.Process(component.process.pid)
            family += [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:  # it ended by itself; its children are found as ours once orphaned
            continue
    return family


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:  # it ended between the look and the signal, which is what was wanted
        return
