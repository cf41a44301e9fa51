"""A source database for the tests of this folder: the real one, started once."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import connection

from bot.sandbox.part import Context
from bot.sandbox.source.part import SourceHealth
from bot.sandbox.source.passwords import connection_url

REPOSITORY = Path(__file__).parents[3]


class Source:
    """A running `python -m bot.sandbox.source` of this test session."""

    def __init__(self, state: Path, python: Path) -> None:
        self.state = state
        self.python = python
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = int(free.getsockname()[1])
        self.process = self.run("bot.sandbox.source")

    def run(self, module: str, **options: int) -> subprocess.Popen[str]:
        """Start a module of the source's environment on this database."""
        command = [str(self.python), "-m", module, "--port", str(self.port), "--state", str(self.state)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)}
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)

    def wait_until_ready(self) -> None:
        """Return once healthy; fail when the process ends or two minutes pass."""
        deadline = time.monotonic() + 120
        while (problem := SourceHealth(self.state, self.port).problem()) is not None:
            assert self.process.poll() is None, "the source database ended"
            assert time.monotonic() < deadline, problem
            time.sleep(0.1)

    def connect(self, role: str) -> connection:
        """A session of `role`, autocommit."""
        session = psycopg2.connect(connection_url(self.state, self.port, role))
        session.autocommit = True
        return session

    def ask(self, role: str, query: str) -> list[tuple[object, ...]]:
        """The rows of one query as `role`."""
        with closing(self.connect(role)) as session, session.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.terminate()
        code = self.process.wait(60)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def source_python() -> Path:
    """The interpreter of the source's environment, built on first use."""
    from bot.sandbox.environments import build_environment

    context = Context(
        state=REPOSITORY / ".sandbox",
        repository=REPOSITORY,
        environments=REPOSITORY / ".sandbox" / "environments",
        ports={},
    )
    build_environment(context, "source")
    return context.python("source")


@pytest.fixture(scope="session")
def start_source(source_python: Path) -> Callable[[Path], Source]:
    """Start a further source database with its own state."""
    return lambda state: Source(state, source_python)


@pytest.fixture(scope="session")
def source(start_source: Callable[[Path], Source], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """The source database shared by the tests that only read or clean up after themselves."""
    running = start_source(tmp_path_factory.mktemp("source"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()
