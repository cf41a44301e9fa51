"""The past as alerts: an export is read as new messages are, and what cannot be read is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.app.backtesting import read_export, read_workspace
from bot.errors import RunbookError, SettingsError, UnknownName


def write(root: Path, channel: str, day: str, messages: Any) -> None:
    """One day's file of an export."""
    (root / channel).mkdir(exist_ok=True)
    (root / channel / f"{day}.json").write_text(json.dumps(messages), encoding="utf-8")


def message(text: str, ts: str = "1700000000.000100", **more: Any) -> dict[str, Any]:
    """What an app posted."""
    return {"type": "message", "text": text, "ts": ts, "bot_id": "B1", **more}


def texts(root: Path, *channels: str, told: list[tuple[int, int]] | None = None) -> list[str]:
    """The alerts' texts, in order."""
    seen = told if told is not None else []
    return [alert.text for alert in read_export(root, channels, lambda *count: seen.append(count))]


def test_days_of_all_channels_come_in_order_of_time(tmp_path: Path) -> None:
    """Files by day, messages by time in them; without channels everything is read."""
    write(tmp_path, "ops", "2026-11-02", [message("third")])
    write(tmp_path, "ops", "2026-11-01", [message("second", "2.000000"), message("first", "1.000000")])
    write(tmp_path, "talk", "2026-11-03", [message("fourth")])
    told: list[tuple[int, int]] = []
    assert texts(tmp_path, told=told) == ["first", "second", "third", "fourth"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert texts(tmp_path, "#talk") == ["fourth"]


@pytest.mark.parametrize(
    "odd",
    [
        message("in a thread", thread_ts="1600000000.000100"),
        message("joined", subtype="channel_join"),
        message(" \n "),
        message("", blocks=[{"type": "divider"}]),
        "no message at all",
    ],
    ids=["reply", "join", "blank", "nothing to read", "no object"],
)
def test_what_is_no_alert_when_it_comes_live_is_none_here(tmp_path: Path, odd: Any) -> None:
    """Else the backtest would promise answers that nobody gets."""
    write(tmp_path, "ops", "2026-11-01", [odd, message("disk is full", "1800000000.000100")])
    assert texts(tmp_path) == ["disk is full"]


def test_the_text_is_what_a_person_saw(tmp_path: Path) -> None:
    """Blocks and attachments are read, secrets are gone."""
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "at postgres://etl:hunter2@db/x"}}
    write(tmp_path, "ops", "2026-11-01", [message("failed", blocks=[block])])
    (said,) = texts(tmp_path)
    assert said.startswith("failed\nat postgres://etl:")
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", r"ops/2026-11-01.json cannot be read"),
        ('{"a": 1}', r"ops/2026-11-01.json should hold a list of messages"),
        ("[" * 100_000, r"ops/2026-11-01.json cannot be read"),
        ("\xff", r"ops/2026-11-01.json cannot be read"),
    ],
    ids=["no JSON", "no list", "too deep", "no UTF-8"],
)
def test_a_day_that_cannot_be_read_is_named(tmp_path: Path, content: str, words: str) -> None:
    """The file and what is wrong with it; half an export is no result."""
    write(tmp_path, "ops", "2026-11-01", [])
    (tmp_path / "ops" / "2026-11-01.json").write_text(content, encoding="latin-1")
    with pytest.raises(RunbookError, match=words):
        texts(tmp_path)


def test_a_channel_that_is_not_in_it_is_named(tmp_path: Path) -> None:
    """With what it may have meant."""
    write(tmp_path, "data-alerts", "2026-11-01", [])
    with pytest.raises(UnknownName, match=r"`data-alrets`.* Did you mean data-alerts\?"):
        texts(tmp_path, "data-alrets")


def test_the_workspace_is_not_asked_without_a_token() -> None:
    """The setting, what it is for, and the other way."""
    with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN is not set.* or give an export"):
        read_workspace({"SLACK_BOT_TOKEN": ""}, ["data-alerts"], 30, lambda *_: None)
