"""`runbook backtest` on an export: tables, a page, clear errors."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

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
