"""The whole platform on its real parts, started once, and the bot as a process that a test may kill."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.breaks import find_break
from bot.sandbox.breaks.airflow_rest import UNFINISHED
from bot.sandbox.breaks.running import Running, open_running
from bot.sandbox.platform import Platform, deliver_over_http, start_platform
from bot.sandbox.slack.control import Workspace

READY_WITHIN_S = 120
RUN_ENDS_WITHIN_S = 240
ALERTS = "C0ALERTS"
ONCALL, BYSTANDER = "U0ONCALL", "U0BYSTANDER"


@dataclass
class Bot:
    """`runbook serve` as a user starts it, on the running platform."""

    platform: Platform
    folder: Path
    changes: dict[str, str] = field(default_factory=dict)
    mode: str = "socket"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = dict(self.platform.record["environment"]) | self.changes
        environment["DATABASE_URL"] = f"sqlite:///{self.folder / 'runbook.sqlite'}"
        if self.mode == "http":
            environment.pop("SLACK_APP_TOKEN", None)
        base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with (self.folder / "bot.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"], env=base | environment, stdout=log, stderr=log
            )
        self._wait_until_ready(f"http://127.0.0.1:{environment['PORT']}/readyz")

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log()[-3000:]
            try:
                with urllib.request.urlopen(url, timeout=10):  # noqa: S310 - our own http url
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError(f"the bot was not ready within {READY_WITHIN_S} s:\n{self.log()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL: nothing can be finished."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM: it drains; its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=90)

    def log(self) -> str:
        """Everything that it logged."""
        return (self.folder / "bot.log").read_text(errors="replace")


@dataclass
class Road:
    """What a test says and sees: the workspace, as its people do."""

    slack: Workspace
    platform: Platform

    def alert(self, after: str, words: str, timeout_s: float = 240) -> dict[str, Any]:
        """The first alert newer than `after` (a ts) in #data-alerts that holds these words."""
        return self.slack.wait_for(
            lambda: next((m for m in self.slack.messages(ALERTS) if m["ts"] > after and words in said(m)), None),
            timeout_s,
        )

    def card(self, alert_ts: str, words: str = "", timeout_s: float = 120) -> dict[str, Any]:
        """The bot's card in the alert's thread, once it holds these words and looks for nothing any more."""
        return self.slack.wait_for(lambda: self._card(alert_ts, words), timeout_s)

    def _card(self, alert_ts: str, words: str) -> dict[str, Any] | None:
        for message in self.slack.messages(ALERTS, alert_ts):
            text = said(message)
            if message.get("user") == "U0RUNBOOK" and words in text and "looking …" not in text:
                return message
        return None

    def cards(self, alert_ts: str) -> list[dict[str, Any]]:
        """Every message of the bot in the thread: there should be one."""
        return [m for m in self.slack.messages(ALERTS, alert_ts) if m.get("user") == "U0RUNBOOK"]

    def press(self, user: str, card: dict[str, Any], action: str) -> None:
        """Click; the click is acknowledged in time."""
        acked = self.slack.click(user, ALERTS, card["ts"], action)
        assert acked.acked, acked

    def told(self, user: str, words: str, timeout_s: float = 60) -> dict[str, Any]:
        """What only this person sees, with these words."""
        return self.slack.wait_for(
            lambda: next((m for m in self.slack.ephemerals(user) if words in said(m)), None), timeout_s
        )

    def said(self, message: dict[str, Any]) -> str:
        """Every text in a message."""
        return said(message)

    def buttons(self, message: dict[str, Any]) -> list[str]:
        """The action ids of a message's buttons."""
        rows = [block["elements"] for block in message.get("blocks", []) if block["type"] == "actions"]
        return [element["action_id"] for row in rows for element in row]

    def newest(self) -> str:
        """The ts of the newest message in #data-alerts; "0" when there is none."""
        return max((m["ts"] for m in self.slack.messages(ALERTS)), default="0")


def said(message: dict[str, Any]) -> str:
    """Every text in a message: its own, and those of its blocks and attachments."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.extend(str(value[key]) for key in ("text", "fallback") if isinstance(value.get(key), str))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(message)
    return "\n".join(found)


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Slack, PostgreSQL, the warehouse, Airflow with dbt; without the bot."""
    with start_platform(tmp_path_factory.mktemp("sandbox"), serve=False) as running:
        yield running


@pytest.fixture(scope="session")
def road(platform: Platform) -> Iterator[Road]:
    """The workspace of the running platform."""
    with Workspace(platform.record["slack"]["url"]) as slack:
        yield Road(slack, platform)


StartBot = Callable[..., Any]


@pytest.fixture
def start_bot(platform: Platform, road: Road, tmp_path: Path) -> Iterator[StartBot]:
    """Start a bot with a fresh store, in `mode` "socket" or "http", with `changes` to its environment."""
    started: list[Bot] = []

    def start(mode: str = "socket", **changes: str) -> Bot:
        bot = Bot(platform, tmp_path / f"bot{len(started)}", changes, mode)
        started.append(bot)
        bot.start()
        if mode == "http":
            deliver_over_http(platform.context)
        return bot

    yield start
    for bot in started:
        if bot.process is not None and bot.process.poll() is None:
            bot.kill()
    road.slack.clear_faults()
    road.slack.delivery("socket")


@contextmanager
def broken(platform: Platform, name: str) -> Iterator[None]:
    """The incident really caused, and mended again whatever happens; no run is left for the next test to meet."""
    running = open_running(platform.context.state, print)
    find_break(name).cause(running)
    try:
        yield
    finally:
        find_break(name).mend(running)
        finish_runs(running)


def finish_runs(running: Running) -> None:
    """Return when Airflow has nothing under way; a run that does not end in time is removed."""
    deadline = time.monotonic() + RUN_ENDS_WITHIN_S
    with running.airflow() as airflow:
        while unfinished := airflow.runs(state=list(UNFINISHED)):
            if time.monotonic() > deadline:
                for run in unfinished:
                    airflow.remove_run(run)
            time.sleep(0.5)


@pytest.fixture
def break_(platform: Platform) -> Callable[[str], Any]:
    """`with break_("postgres-lock"): …`."""
    return lambda name: broken(platform, name)


@pytest.fixture
def airflow(platform: Platform) -> Callable[[], Any]:
    """`with airflow() as api: …`: Airflow's API as its administrator."""
    return open_running(platform.context.state, print).airflow
