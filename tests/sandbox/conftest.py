"""Programs that stand for parts: real processes with children that are hard to end."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.part import Context, Part

# A child in a session of its own that ignores SIGTERM, and a grandchild whose own parent is gone.
FAMILY = """
import signal, subprocess, sys, time
from pathlib import Path
tag, ready, ending = sys.argv[1:]

def start(program, **options):
    return subprocess.Popen([sys.executable, "-c", program, tag], start_new_session=True, **options)

ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
child = start(ignore, stdout=subprocess.PIPE)
child.stdout.readline()
sleep = "[sys.executable, '-c', 'import time; time.sleep(600)', sys.argv[1]]"
start(f"import subprocess, sys; subprocess.Popen({sleep}, start_new_session=True)").wait()
print("the family is complete", flush=True)
Path(ready).touch()
if ending == "told":
    while not Path(ready + ".end").exists():
        time.sleep(0.02)
if ending != "never":
    print("last words", flush=True)
    sys.exit(7)
time.sleep(600)
"""


@dataclass(frozen=True, slots=True)
class FileHealth:
    """Healthy once a file is there."""

    path: Path

    def problem(self) -> str | None:
        return None if self.path.exists() else f"{self.path.name} is not there"


@dataclass(frozen=True, slots=True)
class Families:
    """Makes families of processes that carry one tag, and finds those that survived."""

    folder: Path
    tag: str

    def command(self, name: str = "family", ending: str = "never") -> tuple[str, ...]:
        """The argv of a family; it ends by itself with code 7: at once, once it is "told", or never."""
        program = self.folder / "family.py"
        program.write_text(textwrap.dedent(FAMILY))
        return (sys.executable, str(program), self.tag, str(self.ready(name)), ending)

    def ready(self, name: str) -> Path:
        """The file that says a family is complete."""
        return self.folder / f"{name}.ready"

    def tell_to_end(self, name: str = "family") -> None:
        """Let a family end that waits for it."""
        self.ready(name).with_name(f"{self.ready(name).name}.end").touch()

    def part(self, name: str, ending: str = "never", depends_on: tuple[str, ...] = (), deadline: float = 120) -> Part:
        """A family as a part of a sandbox."""
        health = FileHealth(self.ready(name))
        command = self.command(name, ending)
        return Part(name, command, health, depends_on=depends_on, grace=0.5, deadline=deadline)

    def context(self) -> Context:
        """A sandbox in this folder; its parts need no environment."""
        state = self.folder / "state"
        state.mkdir(exist_ok=True)
        return Context(state, Path(__file__).parents[2], self.folder / "environments", {})

    def survivors(self) -> list[str]:
        """The tagged processes that live."""
        shown = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=True
        )
        rows = (line for line in shown.stdout.splitlines() if self.tag in line)
        return [row for row in rows if not row.split()[1].startswith("Z")]


def wait_for(condition: Callable[[], object], seconds: float = 120.0) -> None:
    """Return once `condition()` is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait for a condition, with a deadline."""
    return wait_for


@pytest.fixture
def families(tmp_path: Path) -> Iterator[Families]:
    """Families of this test; whatever a broken leash left is ended afterwards."""
    made = Families(tmp_path, f"tag-{uuid.uuid4()}")
    yield made
    for row in made.survivors():
        subprocess.run(["kill", "-9", row.split()[0]], check=False)
