"""A folder with one small playbook, and the command line as a person calls it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

PLATFORM = "name: Shop\nchannels: [data-alerts]\n"
BLOCKED = """\
title: Extraction of {{ table }} is blocked
severity: P1
status: stable
aliases: [locked]
owner: data-platform
summary: A session holds a lock. The marts are late.
match: {any: ['extraction of (?P<table>[a-z_]+) timed out']}
entities: {table: {type: table}}
group_by: [table]
diagnostics: {locks: {probe: postgres.contention}}
steps:
  - {title: Who holds the lock?, show: [locks], text: "{{ locks.deadlocks }} deadlocks"}
examples: [{match: extraction of orders timed out}, {match: extraction of items timed out}, {ignore: all is well}]
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder; a test changes what it wants to be different."""
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "platform.yml").write_text(PLATFORM, encoding="utf-8")
    (folder / "blocked.yml").write_text(BLOCKED, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Said:
    """What a call ended with."""

    code: int
    out: str
    error: BaseException | None


Call = Callable[..., Said]


@pytest.fixture
def call(book: Path) -> Call:
    """Calls `runbook` on the small folder, in an environment without any system."""

    def called(*arguments: str, input: str | bytes | None = None) -> Said:
        environment: Mapping[str, str] = {"RUNBOOK_PLAYBOOKS": str(book), "COLUMNS": "100", "SLACK_BOT_TOKEN": ""}
        result = CliRunner().invoke(app, arguments, input=input, env=environment)
        error = None if isinstance(result.exception, SystemExit) else result.exception
        return Said(result.exit_code, result.stdout, error)

    return called
