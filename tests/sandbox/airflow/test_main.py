"""The launcher as a process: three programs that start and end together."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.sandbox.airflow.part import describe
from bot.sandbox.environments import build_environment
from bot.sandbox.part import Context, Part
from bot.sandbox.platform import REPOSITORY
from bot.sandbox.ports import choose_ports
from bot.sandbox.source.passwords import make_passwords
from bot.sandbox.supervisor import prepare_parts
from bot.sandbox.variables import part_variables

pytestmark = pytest.mark.sandbox


@pytest.fixture
def part(tmp_path: Path) -> tuple[Context, Part]:
    """Airflow alone, prepared: the systems its DAG needs do not run."""
    context = Context(tmp_path, REPOSITORY, REPOSITORY / ".sandbox" / "environments", choose_ports({}))
    build_environment(context, "airflow")
    described = describe(context)
    prepare_parts(context, [described])
    context.folder("source").mkdir()
    make_passwords(context.folder("source"))
    return context, described


@pytest.fixture
def launcher(part: tuple[Context, Part], until: Callable[..., None]) -> Iterator[subprocess.Popen[bytes]]:
    """The launcher in a session of its own, once Airflow is healthy."""
    context, described = part
    variables = part_variables(context, described, os.environ)
    with context.log("airflow").open("wb") as log:
        process = subprocess.Popen(
            described.command, env=variables, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    until(lambda: process.poll() is not None or described.health.problem() is None, described.deadline)
    yield process
    for pid in members(process.pid):
        os.kill(pid, signal.SIGKILL)
    process.wait()


def members(session: int) -> list[int]:
    """The living processes of a session."""
    shown = subprocess.run(["ps", "-A", "-o", "pid=,sess=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in shown.stdout.splitlines())
    return [int(pid) for pid, owner, state in rows if int(owner) == session and not state.startswith("Z")]


def find_scheduler(session: int) -> int:
    """The scheduler among a session's processes."""
    for pid in members(session):
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if " scheduler" in shown.stdout:
            return pid
    raise AssertionError("no scheduler runs")


def test_sigterm_ends_everything(launcher: subprocess.Popen[bytes]) -> None:
    """Exit code 0, and no process of Airflow is left, tasks included."""
    assert len(members(launcher.pid)) >= 4
    launcher.terminate()
    assert launcher.wait(timeout=30) == 0  # five seconds, where nothing else wants the processors
    assert members(launcher.pid) == []


def test_a_crash_of_one_ends_the_part(launcher: subprocess.Popen[bytes], part: tuple[Context, Part]) -> None:
    """When the scheduler dies the others do not pretend to be an Airflow, and the log says which one died."""
    os.kill(find_scheduler(launcher.pid), signal.SIGKILL)
    assert launcher.wait(timeout=60) == 1
    assert members(launcher.pid) == []
    context, _ = part
    last = context.log("airflow").read_text().splitlines()[-1]
    assert "airflow scheduler ended by itself" in last
