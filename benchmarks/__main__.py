"""Run every measurement and write RESULTS.md."""

import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cards, matching, replies
from benchmarks.figures import percentile, spread, table
from benchmarks.process import connected, memory_mb
from bot.sandbox.platform import start_platform
from bot.sandbox.slack.control import Workspace

RESULTS = Path(__file__).parent / "RESULTS.md"
ROUNDS, ALERTS, CARDS, STARTS = 2, 60, 12, 5
SLACK_ONLY = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
    "SLACK_SIGNING_SECRET",
    "PORT",
    "RUNBOOK_PLAYBOOKS",
)
SERVE = ("-m", "bot", "serve")
BARE = ("-m", "benchmarks.bare_bolt")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="runbook-bench-"))
    with (
        start_platform(folder / "state", parts=["slack", "source", "warehouse"], serve=False) as running,
        Workspace(running.record["slack"]["url"]) as slack,
    ):
        environment = dict(running.record["environment"])
        quiet = {name: environment[name] for name in SLACK_ONLY if name in environment}
        text = "\n\n".join(
            [
                _head(),
                _replies(slack, quiet, folder),
                _cards(slack, environment, running.record["warehouse"], folder),
                _starts(slack, environment, folder),
            ]
        )
    text += "\n\n" + matching.report()
    RESULTS.write_text(text + "\n")
    print(text)


def _head() -> str:
    cores = os.cpu_count()
    machine = f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}"
    return (
        f"# Results\n\nMeasured {datetime.now(UTC):%Y-%m-%d} in one run of `make bench` on a shared virtual machine "
        f"({machine}); everything on loopback, the load and the parts on the same cores."
    )


def _store(folder: Path, name: str) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / name / 'runbook.sqlite'}"}


def _replies(slack: Workspace, environment: dict[str, str], folder: Path) -> str:
    bot: list[int] = []
    bare: list[int] = []
    for number in range(ROUNDS):
        with connected(BARE, environment, slack, folder / "bare.log"):
            bare += replies.measure(slack, ALERTS, number * 2)
        with connected(SERVE, environment | _store(folder, f"replies{number}"), slack, folder / "bot.log"):
            time.sleep(1)
            bot += replies.measure(slack, ALERTS, number * 2 + 1)
    extra = (percentile(bot, 0.95) - percentile(bare, 0.95)) / 1e6
    rows = [
        ["this bot (matched, stored, full card)", str(len(bot)), spread(bot)],
        ["bare bolt (says hello)", str(len(bare)), spread(bare)],
    ]
    return (
        "## Event → first reply\n\n"
        + table(["app", "alerts", "p50 / p95 / p99 ms"], rows)
        + f"\n\np95 is {extra:.1f} ms above bare bolt (goal: at most 25 ms, SQLite store with full fsync)."
    )


def _cards(slack: Workspace, environment: dict[str, str], warehouse: dict[str, object], folder: Path) -> str:
    with connected(SERVE, environment | _store(folder, "cards"), slack, folder / "bot.log"):
        time.sleep(5)  # every system has been read once
        values = cards.measure(slack, warehouse, CARDS, folder / "bot.log")
    return (
        "## Card complete after its slowest probe\n\n"
        f"{len(values)} cards, one Snowflake statement held for {cards.HOLD_S:g} s: the edit that completes the card "
        f"reaches Slack p50 / p95 / p99 **{spread(values)} ms** after the last finding was read (goal: 100 ms)."
    )


def _starts(slack: Workspace, environment: dict[str, str], folder: Path) -> str:
    seconds, megabytes = [], []
    for number in range(STARTS):
        with connected(SERVE, environment | _store(folder, f"start{number}"), slack, folder / "bot.log") as (pid, took):
            seconds.append(took)
            time.sleep(3)
            megabytes.append(memory_mb(pid))
    return (
        "## Start and rest\n\n"
        f"Process start to connected, new database: median **{statistics.median(seconds):.2f} s**, worst "
        f"{max(seconds):.2f} s (goal 3 s). Memory at rest, 3 s later, every driver loaded: median "
        f"**{statistics.median(megabytes):.0f} MB** (goal 200 MB). n = {STARTS}."
    )


if __name__ == "__main__":
    main()
