"""The real engine on a SQLite file, in processes that are killed: what was recorded is not repeated."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

REPOSITORY = Path(__file__).parents[2]
LONG_NAP_S = 12.0  # tests/engine/program.py
WAIT_S = 120  # far longer than anything here takes: program.py itself gives up after 60 s


@dataclass(frozen=True)
class Bot:
    """Processes over one database and one journal, one after the other."""

    folder: Path

    def start(self, *plans: str, kill_at: str = "-", executor: str = "local") -> subprocess.Popen[str]:
        """A process that starts these plans, and dies at this line of the journal."""
        arguments = [str(self.folder / "runbook.sqlite"), str(self.folder / "journal"), executor, kill_at, *plans]
        return subprocess.Popen([sys.executable, "tests/engine/program.py", *arguments], cwd=REPOSITORY, text=True)

    def run(self, *plans: str, kill_at: str = "-", executor: str = "local") -> int:
        """Start one and wait for its end; its exit code."""
        return self.start(*plans, kill_at=kill_at, executor=executor).wait(WAIT_S)

    def column(self, table: str, name: str) -> list[str]:
        """What stands in a column of dbos's own tables, once it has made them."""
        with closing(sqlite3.connect(self.folder / "runbook.sqlite", timeout=WAIT_S)) as database:
            return [value for (value,) in database.execute(f"SELECT {name} FROM {table}")]  # noqa: S608 - our own words

    def events(self, what: str) -> list[tuple[int, float]]:
        """Process and time of each line that starts so."""
        lines = [line.split(" ", 2) for line in (self.folder / "journal").read_text().splitlines()]
        return [(int(pid), float(at)) for pid, at, text in lines if text.startswith(what)]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A new database."""
    return Bot(tmp_path)


def test_a_plan_is_run_on_the_event_loop_that_launched(bot: Bot) -> None:
    """Slack's session, the locks and the stores belong to that loop."""
    assert bot.run("plan-1") == 0
    assert len(bot.events("plan-1 on main")) == 1
    assert len(bot.events("plan-1 ended")) == 1


def test_the_same_plan_started_twice_is_one_run(bot: Bot) -> None:
    """A double start, and a start in a later process."""
    assert bot.run("plan-1", "plan-1") == 0
    assert bot.run("plan-1", "plan-2") == 0
    assert len(bot.events("plan-1 one begun")) == 1


@pytest.mark.parametrize("kill_at", ["plan-1 two begun", "plan-1 two done"], ids=["before", "after its effect"])
def test_killed_in_a_step_that_step_alone_runs_again(bot: Bot, kill_at: str) -> None:
    """The first step's recorded answer is used; the interrupted one begins anew; and then it ends."""
    assert bot.run("plan-1", kill_at=kill_at) == -9
    assert bot.run() == 0
    ((first, _),) = bot.events("plan-1 one begun")
    assert [pid == first for pid, _ in bot.events("plan-1 two begun")] == [True, False]
    assert len(bot.events(f"plan-1 ended, first said by {first}")) == 1


def test_killed_between_steps_nothing_is_repeated(bot: Bot) -> None:
    """The resumed run is on the loop of the new process."""
    assert bot.run("plan-1", kill_at="plan-1 slept until") == -9
    assert bot.run() == 0
    assert len(bot.events("plan-1 one begun")) == len(bot.events("plan-1 two begun")) == 1
    assert len(bot.events("plan-1 on main")) == 2


def test_killed_asleep_it_sleeps_only_for_the_rest(bot: Bot) -> None:
    """The time that the process was away counts: nothing is left of a nap that passed meanwhile."""
    process = bot.start("long-1")
    wait_for_line(bot, "long-1 slept from")
    wait_until(lambda: "DBOS.sleep" in bot.column("operation_outputs", "function_name"), "the nap is recorded")
    process.kill()
    process.wait(WAIT_S)
    ((first, fell_asleep),) = bot.events("long-1 slept from")
    time.sleep(max(0.0, fell_asleep + LONG_NAP_S - time.time()))  # the whole nap passes while nothing runs
    assert bot.run() == 0
    _, (resumed, asleep_again) = bot.events("long-1 slept from")  # said again: the plan runs on what is recorded
    ((awoke, until),) = bot.events("long-1 slept until")
    assert awoke == resumed != first
    assert until - fell_asleep >= LONG_NAP_S - 0.1
    assert until - asleep_again < LONG_NAP_S - 4, "it slept anew"


def test_a_restart_that_starts_the_plan_too_is_still_one_run(bot: Bot) -> None:
    """The engine resumes by itself, and resume_work asks for it as well."""
    assert bot.run("plan-1", kill_at="plan-1 two begun") == -9
    assert bot.run("plan-1") == 0
    assert len(bot.events("plan-1 two begun")) == 2
    assert len(bot.events("plan-1 ended")) == 1


def test_another_replica_does_not_run_what_one_is_running(bot: Bot) -> None:
    """Both were told of the plan; one runs it."""
    first = bot.start("nap-1", executor="a")
    wait_for_line(bot, "nap-1 slept from")
    second = bot.start("nap-1", "plan-2", executor="b")
    assert (first.wait(WAIT_S), second.wait(WAIT_S)) == (0, 0)
    assert len(bot.events("nap-1 one begun")) == 1


def test_a_run_that_broke_is_begun_again_when_it_is_started_again(bot: Bot) -> None:
    """The store was away: dbos has the run as failed, but the plan still waits for its end."""
    broken = bot.start("broken-1")
    wait_for_line(bot, "broken-1 broke")
    wait_until(lambda: "ERROR" in bot.column("workflow_status", "status"), "dbos has noted it")
    broken.kill()
    broken.wait(WAIT_S)
    assert bot.run("broken-1") == 0
    assert len(bot.events("broken-1 ended")) == 1


def test_closing_lets_a_running_step_end(bot: Bot) -> None:
    """The loop goes on while the engine closes, so what runs comes to its end, and no time is waited after it."""
    assert bot.run("doze-1", kill_at="close within 60") == 0
    ((_, closing_at),), ((_, closed_at),) = bot.events("closing"), bot.events("closed")
    ((_, ended_at),) = bot.events("doze-1 ended")
    assert closing_at <= ended_at <= closed_at < closing_at + 40


def test_closing_waits_no_longer_than_it_may(bot: Bot) -> None:
    """What does not end in time is left to the next start, which finishes it."""
    assert bot.run("long-1", kill_at="close within 1") == 0
    assert bot.events("closed")
    assert not bot.events("long-1 slept until")
    assert bot.run() == 0
    assert len(bot.events("long-1 ended")) == 1


def wait_for_line(bot: Bot, what: str) -> None:
    """Return once the journal has this line."""
    wait_until(lambda: (bot.folder / "journal").exists() and bot.events(what), what)


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Return once it is so."""
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)
