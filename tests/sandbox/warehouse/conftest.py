"""A warehouse stand-in for the tests of this folder: its own process and environment, two generations of clients."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import snowflake.connector

from bot.sandbox.environments import build_environment
from bot.sandbox.keys import make_keys
from bot.sandbox.part import Context
from tests.sandbox.warehouse.builders import Account
from tests.sandbox.warehouse.old_connector import ENVIRONMENTS, REPOSITORY, build_old_connector


class Refused(Exception):
    """What a driver raised, the same for both generations."""

    def __init__(self, errno: int, sqlstate: str | None, message: str) -> None:
        super().__init__(message)
        self.errno, self.sqlstate, self.message = errno, sqlstate, message


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns and rows of one statement, and how many rows it touched."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    count: int | None = None

    def records(self) -> list[dict[str, Any]]:
        """Rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def one(self) -> Any:
        """The only value."""
        ((value,),) = self.rows
        return value


@dataclass(slots=True)
class Client:
    """A session of the connector installed with the bot (5.x)."""

    connection: Any
    server: Server
    generation: str = "5"

    def ask(self, sql: str, values: Any = None, many: list[tuple[Any, ...]] | None = None) -> Answer:
        """Carry out one statement; raises Refused."""
        self.server.notice(sql)
        cursor = self.connection.cursor()
        try:
            if many is not None:
                cursor.executemany(sql, many)
            else:
                cursor.execute(sql, values)
            rows = cursor.fetchall() if cursor.description else []
            return Answer([c.name for c in cursor.description or ()], rows, cursor.rowcount)
        except snowflake.connector.errors.Error as error:
            raise Refused(error.errno, error.sqlstate, str(error.msg)) from error
        finally:
            cursor.close()

    def close(self) -> None:
        """Log out."""
        self.connection.close()


@dataclass(slots=True)
class OldDriver:
    """A process with connector 4.8 that holds any number of sessions."""

    process: subprocess.Popen[str]

    def exchange(self, **command: Any) -> dict[str, Any]:
        """One line there, one line back; raises Refused."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        if "errno" in found:
            raise Refused(found["errno"], found["sqlstate"], found["message"])
        return found

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(60)


@dataclass(slots=True)
class OldClient:
    """A session of connector 4.8."""

    driver: OldDriver
    name: str
    server: Server
    generation: str = "4.8"

    def ask(self, sql: str, values: Any = None, many: list[tuple[Any, ...]] | None = None) -> Answer:
        """Carry out one statement; raises Refused."""
        self.server.notice(sql)
        found = self.driver.exchange(name=self.name, sql=sql, values=values, many=many)
        return Answer(found["columns"], [tuple(row) for row in found["rows"]], found["count"])

    def close(self) -> None:
        """Log out."""
        self.driver.exchange(name=self.name, close=True)


@dataclass(slots=True)
class Server:
    """A running stand-in and how to reach it."""

    folder: Path
    python: Path
    old_python: Callable[[], Path]
    port: int = 0
    process: Any = None
    clients: list[Any] = field(default_factory=list)
    old: OldDriver | None = None
    changed: bool = False

    def notice(self, sql: str) -> None:
        """Remember that a statement may have changed something, so that the next test gets a fresh account."""
        first = re.sub(r"--[^\n]*\n", "", sql).split(None, 1)[0].upper()
        self.changed |= first not in ("SELECT", "SHOW", "DESC", "DESCRIBE", "USE", "WITH")

    def start(self) -> float:
        """Start it; seconds until healthy."""
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = int(free.getsockname()[1])
        make_keys(self.folder / "keys")
        importable = self.folder / "path"
        importable.mkdir()
        (importable / "bot").symlink_to(REPOSITORY / "bot")
        command = [str(self.python), "-m", "bot.sandbox.warehouse", "--port", str(self.port)]
        command += ["--keys", str(self.folder / "keys"), "--state", str(self.folder / "state")]
        began = time.monotonic()
        with (self.folder / "log").open("w") as log:
            environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(importable), "HOME": str(self.folder)}
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        while not self.healthy():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() - began < 120, "the stand-in is not healthy after two minutes"
            time.sleep(0.05)
        return time.monotonic() - began

    def healthy(self) -> bool:
        """Whether /healthz says so."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def control(self, path: str, body: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
        """POST to the control interface (GET without a body)."""
        self.changed |= body is not None
        url = f"http://127.0.0.1:{self.port}/control/{path}"
        answer = httpx.get(url, timeout=60) if body is None else httpx.post(url, json=body, timeout=60)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def warehouse(self, name: str) -> dict[str, Any]:
        """One warehouse's state."""
        (found,) = (w for w in self.control("state")["warehouses"] if w["name"] == name)
        return dict(found)

    def options(self, user: str, **more: Any) -> dict[str, Any]:
        """What a client of that user connects with."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "protocol": "http",
            "account": "sandbox",
            "user": user,
            "authenticator": "SNOWFLAKE_JWT",
            "private_key_file": str(self.folder / "keys" / f"{user}.pem"),
            "login_timeout": 60,
            **more,
        }

    def connect(self, user: str, **more: Any) -> Client:
        """A session of that user; raises Refused."""
        try:
            options = self.options(user, **more)
            connection = snowflake.connector.connect(**options, enable_server_session_keep_alive_auto_detection=False)
        except snowflake.connector.errors.Error as error:
            raise Refused(error.errno, error.sqlstate, str(error.msg)) from error
        client = Client(connection, self)
        self.clients.append(client)
        return client

    def connect_old(self, user: str, **more: Any) -> OldClient:
        """A session of that user with connector 4.8; raises Refused."""
        if self.old is None:
            script = Path(__file__).with_name("old_driver.py")
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            command = [str(self.old_python()), "-W", "ignore", str(script)]
            self.old = OldDriver(subprocess.Popen(command, text=True, **pipes))
        name = str(uuid.uuid4())
        self.old.exchange(name=name, options=self.options(user, **more))
        client = OldClient(self.old, name, self)
        self.clients.append(client)
        return client

    def close_clients(self) -> None:
        """Log every client out."""
        while self.clients:
            self.clients.pop().close()

    def stop(self) -> int:
        """End it; the exit code."""
        if self.old is not None:
            self.old.stop()
        self.process.terminate()
        return int(self.process.wait(60))


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The session's stand-in."""
    folder = tmp_path_factory.mktemp("warehouse")
    context = Context(folder, REPOSITORY, ENVIRONMENTS, {})
    build_environment(context, "warehouse")
    server = Server(folder, context.python("warehouse"), build_old_connector)
    server.start()
    yield server
    server.close_clients()
    assert server.stop() == 0


@pytest.fixture
def server(one_server: Server) -> Iterator[Server]:
    """The stand-in as a fresh start leaves it (but for the history of what only read)."""
    if one_server.changed:
        one_server.control("reset", {})
        one_server.changed = False
    yield one_server
    one_server.close_clients()


@pytest.fixture(params=["5", "4.8"])
def any_connect(server: Server, request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Connect with either generation of the connector."""
    return server.connect if request.param == "5" else server.connect_old


@pytest.fixture(scope="session")
def refused() -> type[Refused]:
    """The exception clients raise."""
    return Refused


@pytest.fixture(scope="session")
def start_another(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Server]:
    """A stand-in of one's own, not started."""

    def make() -> Server:
        folder = tmp_path_factory.mktemp("another")
        context = Context(folder, REPOSITORY, ENVIRONMENTS, {})
        build_environment(context, "warehouse")
        return Server(folder, context.python("warehouse"), build_old_connector)

    return make


@pytest.fixture
def account() -> Account:
    """An account without an engine, for rules and compute."""
    return Account()
