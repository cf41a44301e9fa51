"""The supervisor on real processes: it starts in order, notices ends, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.errors import PartError
from bot.sandbox.lock import is_held
from bot.sandbox.progress import Board
from bot.sandbox.supervisor import Supervisor, prepare_parts

pytestmark = pytest.mark.process


@pytest.fixture
def supervise(families):
    """Make a supervisor of some parts, with the changes of its board."""

    def make(*parts):
        changes: list[str] = []
        board = Board(on_change=lambda name, line: changes.append(f"{name} {line.split()[0]}"))
        prepare_parts(families.context(), parts)
        return Supervisor(families.context(), parts, board), changes

    return make


def test_a_part_waits_for_what_it_depends_on(families, supervise):
    """A part starts only when its dependency is ready; stop() then leaves no process."""
    supervisor, changes = supervise(families.part("late", depends_on=("early",)), families.part("early"))
    supervisor.start()
    assert changes.index("early ready") < changes.index("late starting")
    assert set(supervisor.pids()) == {"early", "late"}
    supervisor.stop()
    assert families.survivors() == []


def test_dependents_stop_first(families, supervise):
    """Who depends on another is ended before it."""
    supervisor, changes = supervise(families.part("early"), families.part("late", depends_on=("early",)))
    supervisor.start()
    supervisor.stop()
    assert changes[-2:] == ["late stopped", "early stopped"]


def test_a_crash_is_reported_with_last_words(families, supervise):
    """When a part ends by itself wait() names it, its code and the end of its log."""
    supervisor, _ = supervise(families.part("steady"), families.part("brittle", ending="told"))
    supervisor.start()
    families.tell_to_end("brittle")
    error = supervisor.wait()
    supervisor.stop()
    assert (error.part, "code 7" in error.problem) == ("brittle", True)
    assert error.log_tail.endswith("last words")
    assert families.survivors() == []


def test_a_part_that_is_never_ready_fails_the_start(families, supervise):
    """Past its deadline a part fails with what its health check said, and the others are stopped."""
    never = replace(families.part("never", deadline=1), health=families.part("other").health)
    supervisor, _ = supervise(families.part("steady"), never)
    with pytest.raises(PartError, match=r"never: not ready within 1 s: other.ready is not there"):
        supervisor.start()
    assert families.survivors() == []


def test_a_part_that_ends_while_starting_fails_the_start(families, supervise):
    """A program that cannot run is reported at once, not at the deadline."""
    command = (sys.executable, "-c", "raise SystemExit('no such option')")
    broken = replace(families.part("broken"), command=command)
    supervisor, _ = supervise(broken, families.part("steady"))
    with pytest.raises(PartError) as caught:
        supervisor.start()
    assert caught.value.problem == "ended with code 1 while starting"
    assert caught.value.log_tail == "no such option"
    assert families.survivors() == []


HOLDER = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("fakes", sys.argv[1])
fakes = importlib.util.module_from_spec(spec)
sys.modules["fakes"] = fakes
spec.loader.exec_module(fakes)
from bot.sandbox.lock import hold_state
from bot.sandbox.progress import Board
from bot.sandbox.supervisor import Supervisor, prepare_parts
families = fakes.Families(Path(sys.argv[2]), sys.argv[3])
parts = [families.part("one"), families.part("two", depends_on=("one",))]
with hold_state(families.context().state) as lock:
    prepare_parts(families.context(), parts)
    supervisor = Supervisor(families.context(), parts, Board(), lock)
    supervisor.start()
    print("ready", flush=True)
    supervisor.wait()
"""


def test_nothing_outlives_a_killed_supervisor(families, until, tmp_path):
    """kill -9 of the supervisor: every descendant is gone within seconds, and only then the state is free."""
    fakes = str(Path(__file__).with_name("conftest.py"))
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), fakes, str(tmp_path), families.tag]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "ready\n"
        assert len(families.survivors()) >= 8
        holder.send_signal(signal.SIGKILL)
    held = is_held(families.context().state)
    assert held or families.survivors() == []
    until(lambda: not is_held(families.context().state))
    assert families.survivors() == []
