"""A running sandbox made of plain objects: what each part was told, in order, and scripted answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.breaks.running import Running


@dataclass
class FakeCursor:
    """Keeps statements; the next query's rows come from `rows`."""

    log: list[tuple[str, str]]
    who: str
    rows: list[list[tuple[Any, ...]]]
    rowcount: int = 1
    sfqid: str = "query-9"

    def execute(self, statement: str, values: list[Any] | None = None) -> None:
        text = " ".join(statement.split())
        self.log.append((self.who, text if values is None else f"{text} {values}"))

    execute_async = execute

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows.pop(0)

    def __enter__(self) -> FakeCursor:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


@dataclass
class FakeSession:
    """A connection with one cursor."""

    made: FakeCursor

    def cursor(self) -> FakeCursor:
        return self.made


@dataclass
class FakeAirflow:
    """Keeps what it was asked to change; has these runs under way."""

    log: list[tuple[str, str]]
    under_way: list[dict[str, Any]] = field(default_factory=list)

    def pause(self, paused: bool) -> None:
        self.log.append(("airflow", "pause" if paused else "unpause"))

    def runs(self, **filters: Any) -> list[dict[str, Any]]:
        return list(self.under_way)

    def trigger(self, run_id: str, note: str) -> bool:
        self.log.append(("airflow", f"trigger {run_id.rpartition('-')[0]}"))
        return True

    def remove_run(self, run: dict[str, Any]) -> None:
        self.log.append(("airflow", f"remove {run['dag_run_id']}"))


@dataclass(frozen=True)
class FakeRunning(Running):
    """Everything runs; `rows` are answers of the source and the warehouse, `control` what the warehouse steers to."""

    log: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    rows: list[list[tuple[Any, ...]]] = field(default_factory=list)
    control: dict[str, dict[str, Any]] = field(default_factory=dict)
    under_way: list[dict[str, Any]] = field(default_factory=list)
    checked: list[Any] = field(default_factory=list)

    @contextmanager
    def source(self, visitor: str) -> Iterator[Any]:
        yield FakeSession(FakeCursor(self.log, f"source {visitor}", self.rows))

    @contextmanager
    def warehouse(self, user: str, name: str, *, leave_running: bool = False) -> Iterator[Any]:
        who = f"{user} on {name}{', left running' if leave_running else ''}"
        yield FakeSession(FakeCursor(self.log, who, self.rows))

    @contextmanager
    def airflow(self) -> Iterator[Any]:
        yield FakeAirflow(self.log, self.under_way)

    def steer_warehouse(self, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if body is not None:
            self.log.append(("control", action))
        return self.control.get(action, {})

    def start_module(self, environment: str, module: str, *arguments: str) -> None:
        self.log.append(("start", f"{environment} {module} {' '.join(arguments)}"))

    def run_module(self, module: str, *arguments: str, timeout: float) -> Any:
        self.log.append(("run", module))
        return self.checked.pop(0)


def make_running(folder: Path, **more: Any) -> FakeRunning:
    """A sandbox in which every part runs."""
    said: list[str] = []
    record = {"source": {"app_url": "postgresql://shop_app:x@127.0.0.1:5555/ecommerce_source"}, "environments": "/e"}
    return FakeRunning(folder, record | {"slack": {}, "warehouse": {}, "airflow": {}}, said.append, said=said, **more)
