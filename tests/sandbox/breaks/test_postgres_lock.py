"""Break `postgres-lock`: one migration, one run, and an end to both."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.breaks import postgres_lock
from tests.sandbox.breaks.builders import make_running

HELD, FREE = [(4711,)], []


def test_the_migration_is_started_and_waited_for(tmp_path: Path) -> None:
    """With its port and folder; the run is launched only once the lock is held, and the pid is told."""
    running = make_running(tmp_path, rows=[FREE, FREE, HELD, HELD])
    postgres_lock.cause(running)
    told = [entry for entry in running.log if entry[0] != "source admin"]
    assert told == [
        ("start", f"source bot.sandbox.source.blocker --port 5555 --state {tmp_path / 'source'}"),
        ("airflow", "unpause"),
        ("airflow", "trigger break-postgres-lock"),
    ]
    assert "backend 4711 (shop_app, checkout-migration) holds orders" in running.said[0]


def test_a_lock_that_is_held_already_is_not_taken_again(tmp_path: Path) -> None:
    """Causing it twice starts no second migration."""
    running = make_running(tmp_path, rows=[HELD, HELD])
    postgres_lock.cause(running)
    assert "start" not in [who for who, _ in running.log]


def test_mending_ends_the_migrations_sessions_only(tmp_path: Path) -> None:
    """By its application name, as the superuser; how many is told; it may be mended twice."""
    running = make_running(tmp_path)
    postgres_lock.mend(running)
    ((who, statement),) = running.log
    assert (who, "application_name = 'checkout-migration'" in statement) == ("source admin", True)
    assert running.said == ["ended 1 session(s) of checkout-migration"]
