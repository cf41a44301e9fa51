"""The blocker: a real session that blocks the extract until the server ends it."""

from __future__ import annotations

import subprocess
from contextlib import closing

import pytest
from psycopg2 import errors

pytestmark = pytest.mark.sandbox

SESSION = "SELECT pid, state, query FROM pg_stat_activity WHERE application_name = 'checkout-migration'"


@pytest.fixture
def blocker(source):
    """A blocker that holds its lock."""
    with source.run("bot.sandbox.source.blocker") as process:
        assert "holds orders" in process.stdout.readline()
        yield process
        process.terminate()


def test_it_blocks_the_extract(source, blocker):
    """While it holds the lock a SELECT on orders waits, and pg_blocking_pids names the blocker's backend."""
    [(pid, state, query)] = source.ask("runbook_read", SESSION)
    assert (state, query) == ("idle in transaction", "ALTER TABLE orders ADD COLUMN checkout_channel text")
    with closing(source.connect("airflow_extract")) as extract, extract.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(errors.LockNotAvailable):
            cursor.execute("SELECT count(*) FROM orders")
    held = "SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'orders'::regclass"
    assert source.ask("runbook_read", held) == [(pid,)]


def test_the_change_role_ends_it(source, blocker):
    """Terminating the backend ends the program (code 0), undoes the migration and frees the table."""
    [(pid, *_)] = source.ask("runbook_read", SESSION)
    assert source.ask("runbook_change", f"SELECT pg_terminate_backend({pid})") == [(True,)]
    assert blocker.wait(60) == 0
    assert "the server ended the session" in blocker.stdout.read()
    column = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'checkout_channel'"
    assert source.ask("runbook_read", column) == [(0,)]


def test_sigterm_ends_it(source, blocker):
    """SIGTERM is a clean end, and the lock is gone with the session."""
    blocker.terminate()
    assert blocker.wait(60) == 0
    assert source.ask("airflow_extract", "SELECT count(*) > 0 FROM orders") == [(True,)]


def test_it_does_not_outlive_the_database(start_source, tmp_path):
    """When the database stops, so does the blocker."""
    running = start_source(tmp_path)
    running.wait_until_ready()
    with running.run("bot.sandbox.source.blocker") as process:
        assert "holds orders" in process.stdout.readline()
        assert running.stop() == 0
        try:
            assert process.wait(60) == 0
        except subprocess.TimeoutExpired:
            process.kill()
            raise
