"""A running sandbox from a second terminal: its parts, its environment, and what it leaves running."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.sandbox.breaks import BREAKS, cause_break, find_break, mend_break
from bot.sandbox.breaks.launch import end_runs, launch_run
from bot.sandbox.breaks.running import LEFT_RUNNING, Running, open_running
from bot.sandbox.errors import SandboxError
from tests.sandbox.breaks.builders import make_running


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """A sandbox of which only Slack runs."""
    return Running(tmp_path, {"slack": {"url": "http://127.0.0.1:1"}}, lambda _: None)


def test_a_part_that_does_not_run_is_named(running: Running) -> None:
    """With what would start it; one that runs is its entry."""
    assert running.part("slack") == {"url": "http://127.0.0.1:1"}
    with pytest.raises(SandboxError) as caught:
        running.part("warehouse")
    assert str(caught.value) == "this sandbox runs without warehouse: start it with --parts including warehouse"


@pytest.mark.parametrize("name", BREAKS)
@pytest.mark.parametrize("call", [cause_break, mend_break])
def test_no_break_begins_without_its_parts(running: Running, name: str, call) -> None:
    """Whichever part is missing, nothing was touched."""
    with pytest.raises(SandboxError, match="runs without"):
        call(name, running)


@pytest.mark.parametrize(
    ("typed", "hint"), [("postgres_lock", "did you mean postgres-lock?"), ("fire", "there are postgres-lock, ")]
)
def test_a_misspelt_break_gets_a_hint(typed: str, hint: str) -> None:
    """The nearest name, or all of them."""
    with pytest.raises(SandboxError) as caught:
        find_break(typed)
    assert hint in str(caught.value)


def test_programs_see_no_secrets(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the small inherited set and where `bot` is."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("TZ", "UTC")
    variables = running.variables()
    assert (variables["TZ"], variables["PYTHONPATH"]) == ("UTC", str(running.state / "import"))
    assert "SLACK_BOT_TOKEN" not in variables


def test_a_program_is_left_running_with_its_log(tmp_path: Path) -> None:
    """In a part's environment, with the module's name on its log, in a session of its own."""
    python = tmp_path / "source" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/bin/echo")
    (tmp_path / "logs").mkdir()
    running = Running(tmp_path, {"environments": str(tmp_path)}, lambda _: None)
    running.start_module("source", "bot.sandbox.source.blocker", "--port", "1")
    assert LEFT_RUNNING.pop().wait(60) == 0
    assert (tmp_path / "logs" / "blocker.log").read_text() == "-m bot.sandbox.source.blocker --port 1\n"


def test_nothing_is_opened_where_nothing_runs(tmp_path: Path) -> None:
    """A state without a sandbox says how to start one."""
    with pytest.raises(SandboxError, match="start one with `runbook sandbox`"):
        open_running(tmp_path, lambda _: None)


def test_an_interpreter_is_the_bots_own(running: Running) -> None:
    """A module that runs to its end does so in the environment of the command line."""
    done = running.run_module("this", timeout=60)
    assert (done.args[0], done.returncode, "Beautiful" in done.stdout) == (sys.executable, 0, True)


RUNS = [{"dag_run_id": "break-x-1", "state": "running"}, {"dag_run_id": "break-xy-1", "state": "queued"}]


def test_runs_of_one_break_are_ended(tmp_path: Path) -> None:
    """Another break's runs under way, though its name begins alike, go on."""
    sandbox = make_running(tmp_path, under_way=RUNS)
    end_runs(sandbox, "x")
    assert sandbox.log == [("airflow", "remove break-x-1")]
    launch_run(sandbox, "x", "it fails")
    assert sandbox.said == ["removed run break-x-1", "run break-x-1 is under way already"]
    launch_run(sandbox, "z", "it fails")
    assert sandbox.said[2].endswith(" of ecommerce_daily: it fails")
