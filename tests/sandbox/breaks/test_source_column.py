"""Break `source-column-added`, on the real source database and warehouse; Airflow is told to run, not run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.breaks import source_column
from bot.sandbox.breaks.running import Running
from bot.sandbox.platform import start_platform

pytestmark = pytest.mark.sandbox
NAMES = "SELECT column_name FROM information_schema.columns WHERE table_name = 'orders'"


@dataclass
class Airflow:
    """Runs that are asked for and removed."""

    under_way: list[dict[str, Any]] = field(default_factory=list)
    triggered: list[str] = field(default_factory=list)

    def runs(self, **_: Any) -> list[dict[str, Any]]:
        return list(self.under_way)

    def pause(self, paused: bool) -> None:
        assert not paused

    def trigger(self, run_id: str, _note: str) -> bool:
        self.triggered.append(run_id)
        self.under_way.append({"dag_run_id": run_id, "state": "running"})
        return True

    def remove_run(self, run: dict[str, Any]) -> None:
        self.under_way.remove(run)


@dataclass(frozen=True)
class Sandbox(Running):
    """The real parts, and an Airflow that only notes."""

    fake: Airflow = field(default_factory=Airflow)

    @contextmanager
    def airflow(self) -> Iterator[Any]:
        yield self.fake

    def columns(self) -> set[str]:
        """Of the shop's orders."""
        with self.source("read") as session, session.cursor() as cursor:
            cursor.execute(NAMES)
            return {name for (name,) in cursor.fetchall()}

    def raw(self, statement: str) -> None:
        """Change the raw table as its owner would."""
        self.steer_warehouse("sql", {"sql": statement})


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any]]:
    """A source database and a warehouse."""
    state = tmp_path_factory.mktemp("parts")
    with start_platform(state, parts=["source", "warehouse"], serve=False) as platform:
        yield state, platform.record


@pytest.fixture
def sandbox(parts: tuple[Path, Any]) -> Callable[[], Sandbox]:
    """A sandbox with these parts and an Airflow where nothing has run."""
    return lambda: Sandbox(*parts, lambda _: None)


def test_the_column_comes_with_rows_of_today_and_goes_again(sandbox: Callable[[], Sandbox]) -> None:
    """Twice in a row each; the second cause launches no second run, the mend removes the first and runs anew."""
    running = sandbox()
    source_column.cause(running)
    source_column.cause(running)
    assert source_column.COLUMN in running.columns()
    with running.source("read") as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders WHERE gift_message IS NOT NULL AND updated_at >= current_date")
        assert cursor.fetchone()[0] >= 25
    [launched] = running.fake.triggered

    source_column.mend(running)
    source_column.mend(running)
    assert source_column.COLUMN not in running.columns()
    assert launched not in [run["dag_run_id"] for run in running.fake.under_way]
    assert len(running.fake.triggered) == 2


def test_it_breaks_again_after_somebody_added_the_column_to_the_raw_table(sandbox: Callable[[], Sandbox]) -> None:
    """What solved it the last time must not keep the next incident from happening."""
    running = sandbox()
    running.raw(f"ALTER TABLE {source_column.RAW} ADD COLUMN GIFT_MESSAGE VARCHAR")
    source_column.cause(running)
    running.raw(f"ALTER TABLE {source_column.RAW} ADD COLUMN GIFT_MESSAGE VARCHAR")  # refused if it were still there
    source_column.mend(running)
