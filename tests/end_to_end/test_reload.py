"""Playbooks are edited while the bot runs: good ones are used, broken ones are told and the old ones stay."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.end_to_end
ALERTS, LEAD = "C0ALERTS", "U0LEAD"
PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
SUSPENDED = "000606 (57P03): Warehouse '{}' is suspended."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped playbooks, as a team has its own."""
    return Path(shutil.copytree(PLAYBOOKS, tmp_path / "playbooks"))


def edit(folder: Path, old: str, new: str) -> None:
    """Change one line of a playbook."""
    path = folder / "warehouse_suspended.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_playbooks_change_under_a_running_bot(road: Any, start_bot: Callable[..., Any], folder: Path) -> None:
    """Broken: the leads are told where, alerts are answered as before. Mended: the next answer has the new words."""
    start_bot(RUNBOOK_PLAYBOOKS=str(folder))
    before = road.newest()
    edit(folder, "severity: P1", "severity: P9")
    told = road.alert(before, "warehouse_suspended.yml:")
    assert f"<@{LEAD}>" in road.said(told)
    assert "those of before stay" in road.said(told)
    assert "P1" in road.said(road.card(road.slack.say(ALERTS, SUSPENDED.format("WH_BEFORE"), app="A0AIRFLOW")))

    edit(folder, "severity: P9", "severity: P3")
    road.alert(told["ts"], "can be used again")
    assert "P3" in road.said(road.card(road.slack.say(ALERTS, SUSPENDED.format("WH_AFTER"), app="A0AIRFLOW")))
