"""`runbook sandbox` on real parts (Slack and source): starts, serves other terminals, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from bot.sandbox.slack.control import Workspace

pytestmark = pytest.mark.sandbox
REPOSITORY = Path(__file__).parents[2]
PROGRAM = "from bot.sandbox.commands import app; app()"


def command(state: Path, *words: str) -> list[str]:
    """`runbook sandbox WORDS` on a state folder."""
    return [sys.executable, "-c", PROGRAM, *words, "--state", str(state)]


def run(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the second terminal, to its end."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        command(state, *words), env=environment, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.fixture
def start(tmp_path):
    """Start a sandbox of Slack and source; gives its process and, with as_json, its record."""
    started: list[subprocess.Popen[str]] = []

    def launch(*words: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
        words = ("--parts", "slack,source", "--no-serve", *words)
        started.append(
            subprocess.Popen(
                command(tmp_path, *words),
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield launch
    for process in started:
        process.terminate()
        process.communicate(timeout=60)


def survivors(state: Path) -> list[str]:
    """Processes of the sandbox on `state`, whatever they are."""
    shown = subprocess.run(
        ["ps", "-A", "-ww", "-o", "stat=,command="], capture_output=True, text=True, check=True
    ).stdout
    mark = json.loads((state / "source" / "server.json").read_text())["home"]
    return [line for line in shown.splitlines() if (str(state) in line or mark in line) and line[0] != "Z"]


def test_it_serves_other_terminals_until_sigterm(start, tmp_path):
    """Ready as JSON; a second one is refused; people can speak; SIGTERM is a clean end without survivors."""
    sandbox = start("--until-ready-json")
    record = json.loads(sandbox.stdout.readline())
    with closing(psycopg2.connect(record["source"]["read_url"])) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM orders")
        assert cursor.fetchall() == [(True,)]
    second = run(tmp_path, "--parts", "slack", "--no-serve")
    assert (second.returncode, f"process {sandbox.pid}" in second.stderr) == (1, True)
    assert run(tmp_path, "say", "--user", "sam", "is *anybody* there?").returncode == 0
    with Workspace(record["slack"]["url"]) as slack:
        assert slack.messages("C0ALERTS")[-1]["user"] == "U0BYSTANDER"
    sandbox.terminate()
    assert sandbox.wait(90) == 0
    assert survivors(tmp_path) == []
    assert "no sandbox runs on" in run(tmp_path, "say", "x").stderr


def read_until(process: subprocess.Popen[str], line: str) -> None:
    """Read the process's output up to `line`; fail when it ends, or does not come within three minutes."""
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    assert line in iter(process.stdout.readline, ""), f"{line!r} never came"
    watchdog.cancel()


def test_the_channel_is_followed_in_the_terminal(start, tmp_path):
    """What is said in #data-alerts appears below the greeting."""
    sandbox = start()
    read_until(sandbox, "Ctrl-C here ends everything.\n")
    assert run(tmp_path, "say", "hello [bold]you[/bold]").returncode == 0
    read_until(sandbox, "  hello [bold]you[/bold]\n")
    refused = run(tmp_path, "click", "1")
    assert (refused.returncode, "no message in #data-alerts has a button 1" in refused.stderr) == (1, True)


def test_a_crash_shows_the_last_words_and_stops_everything(start, tmp_path):
    """When PostgreSQL dies the sandbox says so with the log's end, stops the others and exits 1."""
    sandbox = start("--until-ready-json")
    sandbox.stdout.readline()
    home = Path(json.loads((tmp_path / "source" / "server.json").read_text())["home"])
    os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    assert sandbox.wait(90) == 1
    told = sandbox.stderr.read()
    assert "source: ended by itself with code 1" in told
    assert "PostgreSQL ended by itself" in told
    assert survivors(tmp_path) == []


def test_nothing_outlives_a_kill(start, tmp_path, until):
    """kill -9 of `runbook sandbox`: PostgreSQL and Slack are gone within seconds."""
    sandbox = start("--until-ready-json")
    sandbox.stdout.readline()
    assert survivors(tmp_path)
    sandbox.kill()
    until(lambda: survivors(tmp_path) == [])


def test_ctrl_c_while_it_starts_leaves_nothing(start, tmp_path, until):
    """SIGINT before it is ready ends what was started so far, with exit 0."""
    sandbox = start("--until-ready-json")
    until((tmp_path / "source" / "server.json").exists)
    sandbox.send_signal(signal.SIGINT)
    assert sandbox.wait(90) == 0
    assert survivors(tmp_path) == []


def test_breaks_are_listed_without_a_sandbox(tmp_path):
    """`break --list` needs nothing running; a break does, and says so."""
    assert "postgres-lock" in run(tmp_path, "break", "--list").stdout
    missing = run(tmp_path, "break", "postgres-lock")
    assert (missing.returncode, "no sandbox runs on" in missing.stderr) == (1, True)
