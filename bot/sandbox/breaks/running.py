"""A running sandbox seen from a second terminal: connections to its parts, from sandbox.json."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bot.sandbox.breaks.airflow_rest import Airflow
from bot.sandbox.errors import SandboxError
from bot.sandbox.record import Record, read_record
from bot.sandbox.variables import INHERITED

if TYPE_CHECKING:
    from psycopg2.extensions import connection
    from snowflake.connector import SnowflakeConnection

TIMEOUT = 30.0
# Programs that outlive this one on purpose: held, because Python warns of a process that is forgotten while it runs.
LEFT_RUNNING: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Running:
    """The parts of one running sandbox; `tell` says to the person what was done."""

    state: Path
    record: Record
    tell: Callable[[str], None]

    def part(self, name: str) -> dict[str, Any]:
        """A part's entry in sandbox.json; SandboxError when it does not run."""
        if name not in self.record:
            raise SandboxError(f"this sandbox runs without {name}: start it with --parts including {name}")
        found: dict[str, Any] = self.record[name]
        return found

    @contextmanager
    def source(self, visitor: str) -> Iterator[connection]:
        """An autocommit session in the source database, as "admin", "app", "read" or "change"."""
        import psycopg2

        session = psycopg2.connect(self.part("source")[f"{visitor}_url"], connect_timeout=5)
        session.autocommit = True
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def warehouse(self, user: str, name: str, *, leave_running: bool = False) -> Iterator[SnowflakeConnection]:
        """A session of `user` on the warehouse `name`, by its key pair.

        With `leave_running` the session stays at the server after the block, and with it what still runs.
        """
        import snowflake.connector

        part = self.part("warehouse")
        session = snowflake.connector.connect(
            host=part["host"],
            port=part["port"],
            protocol="http",
            account=part["account"],
            user=user,
            private_key_file=str(Path(part["keys"]) / f"{user}.pem"),
            authenticator="SNOWFLAKE_JWT",
            warehouse=name,
            login_timeout=10,
            query_timeout=int(TIMEOUT),
            server_session_keep_alive=leave_running,
            enable_server_session_keep_alive_auto_detection=leave_running,  # 5.x warns of its default
        )
        try:
            yield session
        finally:
            session.close()

    def steer_warehouse(self, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The warehouse's control interface: POST with a body, GET without one."""
        part = self.part("warehouse")
        url = f"http://{part['host']}:{part['port']}/control/{action}"
        method = "GET" if body is None else "POST"
        answer = httpx.request(method, url, json=body, timeout=TIMEOUT, trust_env=False)
        if answer.is_error:
            raise SandboxError(f"the warehouse refused {action}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    @contextmanager
    def airflow(self) -> Iterator[Airflow]:
        """Airflow's API as its administrator."""
        part = self.part("airflow")
        with Airflow(part["url"], "admin", part["admin_password"]) as airflow:
            yield airflow

    def variables(self) -> dict[str, str]:
        """The environment of a program that a break starts."""
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return kept | {"PYTHONPATH": str(self.state / "import"), "PYTHONUNBUFFERED": "1"}

    def run_module(self, module: str, *arguments: str, timeout: float) -> subprocess.CompletedProcess[str]:
        """Run one of the sandbox's modules in the bot's environment, to its end."""
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(
            command, env=self.variables(), capture_output=True, text=True, timeout=timeout, check=False
        )

    def start_module(self, environment: str, module: str, *arguments: str) -> None:
        """Leave one of the sandbox's modules running in a part's environment; its log is beside the parts'."""
        python = Path(self.record["environments"]) / environment / "bin" / "python"
        with (self.state / "logs" / f"{module.rpartition('.')[2]}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(python), "-m", module, *arguments],
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        LEFT_RUNNING.append(process)


def open_running(state: Path, tell: Callable[[str], None]) -> Running:
    """The sandbox that runs on `state`; SandboxError when none is ready there."""
    state = state.absolute()
    return Running(state, read_record(state), tell)
