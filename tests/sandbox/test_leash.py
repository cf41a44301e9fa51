"""The leash: no descendant of a leashed program outlives its holder."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from bot.sandbox.leashed import log_tail, start_leashed

pytestmark = pytest.mark.process


def start(families, tmp_path: Path, *command: str, grace: float = 0.5):
    """A leashed program with its log in tmp_path."""
    command = command or families.command()
    return start_leashed(tuple(command), tmp_path / "log", variables=os.environ, folder=tmp_path, grace=grace)


def test_letting_go_ends_stubborn_and_orphaned_descendants(families, until, tmp_path):
    """Closing the pipe ends the program, a child that ignores SIGTERM and a grandchild nobody waits for."""
    leashed = start(families, tmp_path)
    until(families.ready("family").exists)
    assert len(families.survivors()) >= 4  # leash, program, stubborn child, orphan
    leashed.stop()
    assert families.survivors() == []


def test_sigterm_to_the_leash_does_the_same(families, until, tmp_path):
    """SIGTERM to the pid in sandbox.json ends the part's whole family."""
    leashed = start(families, tmp_path)
    until(families.ready("family").exists)
    os.kill(leashed.pid, signal.SIGTERM)
    leashed.process.wait(60)
    leashed.let_go()
    assert families.survivors() == []


def test_a_program_that_ends_takes_its_descendants_along(families, tmp_path):
    """When the program ends by itself the leash ends what it left behind and passes its exit code on."""
    leashed = start(families, tmp_path, *families.command(ending="at once"))
    assert leashed.process.wait(60) == 7
    leashed.let_go()
    assert families.survivors() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PR_SET_PDEATHSIG is Linux's")
def test_a_killed_leash_takes_the_program_along(families, until, tmp_path):
    """kill -9 of the leash itself ends the program it held."""
    program = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)", families.tag)
    leashed = start(families, tmp_path, *program)
    until(lambda: "up" in log_tail(tmp_path / "log"))
    leashed.process.kill()
    leashed.process.wait(60)
    leashed.let_go()
    until(lambda: families.survivors() == [])


def test_the_exit_code_names_the_signal(families, tmp_path):
    """A program ended by signal 9 gives 137, as shells say it."""
    leashed = start(families, tmp_path, sys.executable, "-c", "import os; os.kill(os.getpid(), 9)")
    assert leashed.process.wait(60) == 137
    leashed.let_go()


def test_a_graceful_program_is_not_killed(families, until, tmp_path):
    """A program that cleans up on SIGTERM within the grace period is given the time."""
    program = (
        "import signal, sys, time\n"
        "def leave(*_):\n    time.sleep(0.3); print('cleaned up', flush=True); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\nprint('up', flush=True)\ntime.sleep(600)"
    )
    leashed = start(families, tmp_path, sys.executable, "-c", program, families.tag, grace=60)
    until(lambda: "up" in log_tail(tmp_path / "log"))
    assert leashed.stop() == 0
    assert "cleaned up" in log_tail(tmp_path / "log")


def test_the_tail_holds_the_last_lines(tmp_path):
    """log_tail gives the last lines of a log, and nothing for a log that is not there."""
    log = tmp_path / "log"
    assert log_tail(log) == ""
    log.write_text("\n".join(f"line {n}" for n in range(5000)))
    assert log_tail(log, lines=2) == "line 4998\nline 4999"
