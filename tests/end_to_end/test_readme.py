"""The README's sandbox session, typed as it stands there."""

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end
REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text()
SECOND_TERMINAL = re.findall(r"^\$ (\.venv/bin/runbook sandbox .*)$", README, re.M)


@contextmanager
def make_sandbox(state: Path, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The README's first command, in a terminal of its own."""
    with output.open("wb") as shown:
        process = subprocess.Popen(
            ["make", "sandbox", f"STATE={state}"],
            cwd=REPOSITORY,
            stdout=shown,
            stderr=shown,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=90)


def wait_for(words: str, output: Path, process: subprocess.Popen[bytes], within_s: float) -> None:
    """Until the terminal shows these words."""
    deadline = time.monotonic() + within_s
    while words not in output.read_text(errors="replace"):
        assert process.poll() is None, output.read_text(errors="replace")[-3000:]
        assert time.monotonic() < deadline, output.read_text(errors="replace")[-3000:]
        time.sleep(0.2)


def type_until_taken(line: str, state: Path, within_s: float = 180) -> None:
    """Type a command as a person does who waits for the button to appear."""
    deadline = time.monotonic() + within_s
    environment = os.environ | {"RUNBOOK_SANDBOX": str(state)}
    while True:
        done = subprocess.run(
            shlex.split(line), cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        assert time.monotonic() < deadline, f"{line}\n{done.stdout}{done.stderr}"
        time.sleep(0.5)


def test_readme_session_ends_with_a_resolved_incident(tmp_path: Path) -> None:
    """make sandbox, break something, plan, approve: the terminal shows that it helped; Ctrl-C leaves nothing behind."""
    state, output = tmp_path / "state", tmp_path / "terminal"
    assert len(SECOND_TERMINAL) == 3
    with make_sandbox(state, output) as process:
        wait_for("The sandbox is ready", output, process, 480)
        for line in SECOND_TERMINAL:
            type_until_taken(line, state)
        wait_for("it helped", output, process, 180)
    assert survivors(state) == []


def survivors(state: Path) -> list[str]:
    """Command lines of processes that still name this sandbox's folder."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(state) in line]
