"""How the bot starts and what it does between events: refusals of a wrong call, changed playbooks, proof of systems."""

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from bot.app.serving import credentials, prove_systems, reload_playbooks, run_bot, stop_on_signals
from bot.app.shelf import Change
from bot.errors import PlaybookError, SettingsError, Unreachable
from bot.settings import read_settings
from tests.flow.world import FakeClock, FakeWorld

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-not-real", "SLACK_APP_TOKEN": "xapp-not-real"}
SIGNED = {"SLACK_BOT_TOKEN": "xoxb-not-real", "SLACK_SIGNING_SECRET": "not-real"}


@pytest.mark.parametrize(
    ("environment", "mode", "words"),
    [
        ({}, "", "SLACK_BOT_TOKEN"),
        (SIGNED, "socket", r"Socket Mode needs SLACK_APP_TOKEN \(an app-level token with connections:write\)"),
        (SOCKET, "http", r"signed HTTP needs SLACK_SIGNING_SECRET \(Basic Information of the Slack app\)"),
    ],
    ids=["nothing", "no app token", "no secret"],
)
def test_a_wrong_call_is_refused_before_anything_is_opened(environment: dict[str, str], mode: str, words: str) -> None:
    """The missing variable and where it comes from are named, and the process is left as it was."""
    with pytest.raises(SettingsError, match=words):
        run_bot(environment, mode)
    assert gc.isenabled()


def test_slack_gets_the_secrets_that_there_are() -> None:
    """What is not set is "", never a text of None or of stars."""
    signed = credentials(read_settings({**SIGNED, "SLACK_API_URL": "http://127.0.0.1:1/api"}))
    assert (signed.bot_token, signed.app_token, signed.signing_secret) == ("xoxb-not-real", "", "not-real")
    assert signed.api_url == "http://127.0.0.1:1/api/"
    assert credentials(read_settings(SOCKET)).app_token == "xapp-not-real"
    assert "not-real" not in repr(signed)


@pytest.fixture
def handlers() -> Iterator[None]:
    """The process's own way with signals comes back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_the_first_signal_asks_to_stop(handlers: None, number: signal.Signals) -> None:
    """It is set, not raised: what is in hand is finished."""
    stopping = stop_on_signals()
    assert not stopping.is_set()
    os.kill(os.getpid(), number)
    async with asyncio.timeout(5):
        await stopping.wait()


class Bench:
    """A world, and a shelf and a front that tests set: `change` is what the shelf saw."""

    def __init__(self, fake: FakeWorld) -> None:
        self.fake = fake
        self.change: Change | None = None
        self.readable: tuple[str, ...] = ("C1", "C2")
        self.watched: list[tuple[str, ...]] = []
        self.are_new = False
        self.caught_up = 0

    async def reload(self) -> None:
        """One look of the tick."""
        channels = SimpleNamespace(readable=self.readable, watch=self._watch)
        front: Any = SimpleNamespace(channels=channels, catch_up=self._catch_up)
        shelf: Any = SimpleNamespace(refresh=self._refresh, library=lambda: self.fake.library)
        await reload_playbooks(self.fake.world, shelf, front)

    async def _refresh(self) -> Change | None:
        return self.change

    def _watch(self, names: tuple[str, ...]) -> bool:
        self.watched.append(tuple(names))
        return self.are_new

    def _catch_up(self) -> None:
        self.caught_up += 1


@pytest.fixture
def bench() -> Bench:
    """Nothing changed yet."""
    return Bench(FakeWorld())


async def test_unchanged_playbooks_are_not_spoken_of(bench: Bench) -> None:
    """The tick looks every few seconds: it says nothing and asks Slack nothing."""
    await bench.reload()
    assert (bench.watched, bench.caught_up, bench.fake.desk.headlines) == ([], 0, [])


@pytest.mark.parametrize("are_new", [True, False])
async def test_changed_channels_are_read_from_where_they_stand(bench: Bench, are_new: bool) -> None:
    """platform.yml may name other channels now; only then is anything read again."""
    bench.change, bench.are_new = Change(None, was_broken=False), are_new
    await bench.reload()
    assert bench.watched == [("alerts",)]
    assert bench.caught_up == int(are_new)


async def test_playbooks_that_cannot_be_used_are_told_where_alerts_are_read(bench: Bench) -> None:
    """The problem with file and line stands in the first channel that the bot can write to; nothing else changes."""
    bench.change = Change(PlaybookError("unknown probe", path="stale.yml", line=7), was_broken=False)
    await bench.reload()
    (said,) = bench.fake.desk.headlines
    assert "stale.yml:7: unknown probe" in said
    assert (bench.watched, bench.caught_up) == ([], 0)


async def test_without_a_channel_a_problem_stays_in_the_log(bench: Bench) -> None:
    """A bot that was invited nowhere has nobody to tell, and goes on."""
    bench.change, bench.readable = Change(PlaybookError("broken"), was_broken=False), ()
    await bench.reload()
    assert bench.fake.desk.headlines == []


class Checked:
    """Systems of which one answers and the others do not."""

    def __init__(self, fails: dict[str, Exception]) -> None:
        self.fails = fails
        self.checks = ("shop.now", *fails)
        self.asked: list[str] = []

    def deadline_of(self, probe: str) -> float:
        """See the port."""
        return 1.0

    async def read(self, probe: str, arguments: dict[str, str], scope: Any) -> str:
        """See the port."""
        self.asked.append(f"{probe} {arguments} {scope.incident}")
        if probe in self.fails:
            raise self.fails[probe]
        return "facts"


async def test_each_system_is_read_once_and_told_in_the_log() -> None:
    """One that is down or breaks is a line with its reason; it stops neither the others nor the bot."""
    systems: Any = Checked({"lake.now": Unreachable("Lake", "refused"), "mill.now": ZeroDivisionError("bug")})
    with structlog.testing.capture_logs() as lines:
        await prove_systems(systems, FakeClock(datetime(2026, 3, 4, tzinfo=UTC)))
    assert sorted(systems.asked) == ["lake.now {} start", "mill.now {} start", "shop.now {} start"]
    told = {line["probe"]: (line["log_level"], line.get("reason")) for line in lines if "system" in line["event"]}
    assert told == {
        "shop.now": ("info", None),
        "lake.now": ("warning", "refused"),
        "mill.now": ("warning", "the probe broke: ZeroDivisionError: bug"),
    }


async def test_a_bot_without_systems_proves_nothing() -> None:
    """An integration without settings is absent, not broken."""
    systems: Any = SimpleNamespace(checks=())
    with structlog.testing.capture_logs() as lines:
        await prove_systems(systems, FakeClock())
    assert lines == []
