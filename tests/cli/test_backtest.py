"""`runbook backtest` on an export: tables, a page, clear errors."""

import json
import time
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.alerts.likeness import Alike
from bot.cli import app
from bot.cli.backtest import MOST_GROUPS, example_of, most_common, said_day, show
from bot.cli.report import render_report
from tests.cli.builders import alert, answered, result

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

HOSTILE = "<script>alert(1)</script> disk \x1b[31mis full <!channel>"
SUSPENDED = "000606 (57P03): Warehouse 'LOADING_WH' is suspended."


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three days of #data-alerts."""
    folder = tmp_path / "export" / "data-alerts"
    folder.mkdir(parents=True)
    for day in (1, 2, 3):
        noon = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        said = [SUSPENDED, HOSTILE, "✅ Data is fresh"]
        messages = [{"ts": f"{noon + n:.6f}", "bot_id": "B1", "text": text} for n, text in enumerate(said)]
        messages.append({"ts": f"{noon + 9:.6f}", "user": "U1", "text": "a reply", "thread_ts": f"{noon:.6f}"})
        (folder / f"2026-11-0{day}.json").write_text(json.dumps(messages), encoding="utf-8")
    return tmp_path / "export"


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    result = CliRunner().invoke(app, ["backtest", *arguments], env={"COLUMNS": "140", "SLACK_BOT_TOKEN": ""})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 2, str(result.exception)
    return result.exit_code, result.output


def test_tables_say_what_was_answered_and_what_was_not(export: Path) -> None:
    """Replies in threads are no alerts; what apps wrote steers no terminal."""
    code, output = run(str(export), "--channel", "data-alerts")
    assert code == 0
    assert "9 messages, 33% of 9 alerts answered" in output
    assert "warehouse_suspended" in output
    assert "is full" in output
    assert "\x1b[31m" not in output


def test_the_page_stands_alone_and_is_safe(export: Path, tmp_path: Path) -> None:
    """One file, with charts, without scripts, addresses of others or anything that an alert could put into it."""
    page = tmp_path / "report.html"
    assert run(str(export), "--channel", "data-alerts", "--html", str(page))[0] == 0
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 3
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "src=" not in text
    assert "href=" not in text


def test_what_is_wrong_is_said(export: Path, tmp_path: Path) -> None:
    """A channel that is not in it; no export and no token."""
    assert "Did you mean data-alerts" in run(str(export), "--channel", "data-alrets")[1]
    assert "SLACK_BOT_TOKEN is not set" in run()[1]
    assert "cannot be written" in run(str(export), "--channel", "data-alerts", "--html", str(tmp_path))[1]


def table(**changes: Any) -> list[str]:
    """What a terminal of 140 columns without colours shows."""
    out = StringIO()
    show(result(**changes), Console(file=out, width=140, color_system=None))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("answers", "silent", "share"),
    [(0, 0, "none of 0"), (1, 2, "33% of 3"), (0, 5, "0% of 5")],
)
def test_table_and_page_tell_the_same_share(answers: int, silent: int, share: str) -> None:
    """The page says 0% of no alerts, for it tells their number beside it."""
    given: dict[str, Any] = {"total": answers + silent}
    if answers:
        given["answered"] = [answered("disk_full", *[alert()] * answers)]
    if silent:
        given["silent"] = [Alike(frozenset(), [alert()] * silent)]
    assert table(**given)[0] == f"{answers + silent} messages, {share} alerts answered"
    assert f"<b>{share.partition(' ')[0].replace('none', '0%')}</b>" in render_report(result(**given), "x", NOW)


def test_what_people_wrote_is_only_counted() -> None:
    """It is mostly talk, and no playbook is missing for it."""
    assert table(total=4, from_people=4)[0] == (
        "4 messages, none of 0 alerts answered; 4 messages of people without an answer"
    )


def test_many_groups_end_in_a_count() -> None:
    """The largest are worth a playbook; how many alerts the others hold is said."""
    groups = [Alike(frozenset(), [alert(f"kind {n}")] * 2) for n in range(MOST_GROUPS + 4)]
    lines = table(total=38, silent=groups, unused=["never", "ever"])
    assert lines[1] == "answered nothing: never, ever"
    assert sum("kind" in line for line in lines) == MOST_GROUPS
    assert lines[-1].split() == ["8", "…", "in", "4", "further", "groups"]


def test_a_playbook_says_what_it_was_mostly_about() -> None:
    """The two values that came most often, with how often."""
    entry = answered("disk_full", alert(), alert(), entities={"db-1": 5, "db-2": 1, "db-3": 3})
    assert most_common(entry) == "db-1 (5); db-3 (3)"
    assert most_common(answered()) == ""
    assert most_common(answered(entities={"db-1": 1})) == "db-1"


@pytest.mark.parametrize(
    ("text", "line"),
    [("", ""), ("a\n  b\tc", "a b c"), ("x" * 100, "x" * 100), ("x" * 101, "x" * 99 + "…")],
    ids=["empty", "lines", "the longest", "longer"],
)
def test_an_example_is_one_line_of_the_newest_alert(text: str, line: str) -> None:
    """Short enough to compare with the others."""
    assert example_of(Alike(frozenset(), [alert("older"), alert(text)])) == line


@pytest.mark.parametrize("ts", ["", "soon", "nan", "inf", "1e30", "-1e30"])
def test_a_time_that_is_none_has_no_day(ts: str) -> None:
    """Exports are files that other tools wrote."""
    assert said_day(ts) == ""


def test_a_day_is_told_in_utc_as_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The charts count days in UTC: the last alert must not be told for the day after the last point."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert said_day(alert().ts) == "2026-11-02"
    finally:
        monkeypatch.undo()
        time.tzset()
