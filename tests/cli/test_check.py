"""`runbook check` in the terminal."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

SHIPPED = Path(__file__).parents[2] / "playbooks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped playbooks, to be broken."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "playbooks"))


def check(folder: Path, *options: str) -> tuple[int, list[str]]:
    """Exit code and lines."""
    result = CliRunner().invoke(app, ["check", "--playbooks", str(folder), *options])
    return result.exit_code, result.output.splitlines()


def test_all_is_well_in_one_line(folder: Path) -> None:
    """Nothing to do is nothing to read; what has a cost is told to whoever asks, once, with its place."""
    code, lines = check(folder)
    count = len([path for path in folder.glob("*_*.yml") if not path.name.endswith(".test.yml")])
    assert (code, lines) == (0, [f"{count} playbooks: 0 problems"])
    code, noted = check(folder, "--notes")
    assert code == 0
    assert noted[-1:] == lines
    assert len(noted) == len(set(noted)) > 1
    assert all(line.startswith("playbooks/") and ": note: " in line for line in noted[:-1])


def test_a_typo_is_told_with_its_line_and_what_was_meant(folder: Path) -> None:
    """An unknown probe, and a pattern that RE2 cannot run; exit 1."""
    path = folder / "warehouse_suspended.yml"
    text = path.read_text(encoding="utf-8").replace(
        "probe: snowflake.resource_monitors", "probe: snowflake.resource_monitor", 1
    )
    path.write_text(text.replace("  any:\n", "  any:\n    - '(?=ahead)suspended'\n", 1), encoding="utf-8")
    code, lines = check(folder)
    assert code == 1
    said = "\n".join(lines)
    assert "no probe `snowflake.resource_monitor`" in said
    assert "did you mean snowflake.resource_monitors" in said
    assert "RE2 cannot run this pattern" in said
    assert "warehouse_suspended.yml:" in said
