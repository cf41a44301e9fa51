"""An approved remedy over a real kill: real stores and the real engine in one SQLite file."""

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

REPOSITORY = Path(__file__).parents[2]


def run(folder: Path, kill_at: str = "-") -> int:
    """A bot process; its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "tests.engine.remedy_program", str(folder), kill_at],
        cwd=REPOSITORY,
        check=False,
        timeout=120,
    ).returncode


@pytest.mark.parametrize(
    "kill_at", ["after desk.show", "before engine.start_remedy", "before systems.perform", "after systems.perform"]
)
def test_killed_and_started_again_the_remedy_happens_once(tmp_path: Path, kill_at: str) -> None:
    """One effect, one resolved incident, one audit line for each of yes, command and end."""
    assert run(tmp_path, kill_at) == -9
    assert run(tmp_path) == 0
    assert (tmp_path / "effects").read_text().splitlines() == ["SELECT pg_cancel_backend(7)"]
    with closing(sqlite3.connect(tmp_path / "runbook.sqlite")) as database:
        states = [json.loads(body)["state"] for (body,) in database.execute("SELECT body FROM incidents")]
        actions = Counter(action for (action,) in database.execute("SELECT action FROM audit"))
        stages = [stage for (stage,) in database.execute("SELECT stage FROM plans")]
    assert (states, stages) == (["resolved"], ["helped"])
    assert [actions[one] for one in ("remedy approved", "command run", "remedy helped")] == [1, 1, 1]
