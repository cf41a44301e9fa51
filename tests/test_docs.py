"""What is written for readers is true: commands, outputs, settings, links."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text()
PAGES = sorted(
    path
    for path in (*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "bot").rglob("*.md"))
)
# A command of the README that ends by itself, and the output that is shown under it.
SHOWN = re.findall(r"^\$ (.*\.venv/bin/runbook (?!sandbox).*)\n((?:(?!\$ |```).*\n)*)", README, re.M)


def runbook(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, on a terminal of 120 columns, connected to nothing."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=REPOSITORY,
        env={"PATH": "", "COLUMNS": "120", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


@pytest.mark.process
@pytest.mark.parametrize(("line", "output"), SHOWN, ids=[line.split()[-1] for line, _ in SHOWN])
def test_readme_shows_what_its_commands_print(line: str, output: str) -> None:
    """Each command of the README that ends by itself prints exactly what stands under it."""
    here = line.replace(".venv/bin/runbook", f"{shlex.quote(sys.executable)} -m bot")
    done = subprocess.run(["sh", "-c", here], cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    assert [text.rstrip() for text in done.stdout.splitlines()] == [text.rstrip() for text in output.splitlines()]


def test_readme_runs_every_kind_of_command() -> None:
    """The README shows recognition, the lint and the cases."""
    assert [line.split()[-1] for line, _ in SHOWN] == ["match", "check", "test"]


def test_readme_is_short() -> None:
    """A newcomer reads it in five minutes."""
    assert len(README.splitlines()) <= 120


@pytest.mark.process
@pytest.mark.parametrize("command", ["serve", "sandbox", "show", "replay", "match", "check", "test", "backtest"])
def test_every_command_is_documented_and_has_help(command: str) -> None:
    """`runbook COMMAND --help` explains it, and the README names it."""
    done = runbook(command, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 200
    assert f"`{command}`" in README


def test_every_setting_stands_in_the_readme() -> None:
    """Whoever connects a real workspace finds every variable."""
    wanted = {field.alias for field in Settings.model_fields.values()} - {"SLACK_API_URL"}
    assert {name for name in wanted if name and name not in README} == set()


@pytest.mark.process
def test_a_wrong_call_ends_with_2() -> None:
    """Usage errors are told apart from problems found."""
    assert runbook("nonsense").returncode == 2
    assert runbook("show", "freshnes").returncode == 2
    assert "Did you mean" in runbook("show", "freshnes").stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file or folder of the project."""
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("record", sorted((REPOSITORY / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem)
def test_decision_records_are_short_and_whole(record: Path) -> None:
    """Under 40 lines: context, choice, what was given up."""
    text = record.read_text()
    assert len(text.splitlines()) < 40
    assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Given up"))
