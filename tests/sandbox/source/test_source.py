"""The source database on the real PostgreSQL: rows, roles, and a clean end."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import errors

pytestmark = pytest.mark.sandbox


def test_the_shop_has_sixty_days_up_to_now(source):
    """More than 100,000 rows; orders on each of the last 60 days, none in the future."""
    query = "SELECT count(DISTINCT created_at::date), max(created_at) <= now(), min(created_at)::date FROM orders"
    [(days, none_ahead, _)] = source.ask("runbook_read", query)
    assert (days, none_ahead) == (60, True)
    [(rows,)] = source.ask("runbook_read", "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM order_items)")
    assert rows > 100_000


def test_totals_are_the_sum_of_the_items(source):
    """The generated rows agree with each other."""
    query = """
        SELECT count(*) FROM orders
        JOIN (SELECT order_id, sum(quantity * unit_price) AS items FROM order_items GROUP BY order_id) AS sums
            USING (order_id)
        WHERE total_amount <> items
    """
    assert source.ask("airflow_extract", query) == [(0,)]


def test_every_start_has_the_same_rows(source):
    """The rows are those of the seed, whatever the day."""
    assert source.ask("runbook_read", "SELECT count(*), sum(total_amount)::text FROM orders") == [
        (60570, "11919219.50")
    ]


def test_the_application_goes_on_where_the_rows_end(source):
    """A new order gets the next number of the sequence."""
    with closing(source.connect("shop_app")) as session, session.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders (customer_id, status, total_amount) VALUES (1, 'placed', 1) RETURNING order_id"
        )
        [(number,)] = cursor.fetchall()
        cursor.execute("DELETE FROM orders WHERE order_id = %s", [number])
    assert number > 60570


@pytest.mark.parametrize(
    ("role", "statement", "refusal"),
    [
        ("runbook_read", "DELETE FROM orders", errors.ReadOnlySqlTransaction),
        (
            "runbook_read",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shop_app'",
            errors.InsufficientPrivilege,
        ),
        ("runbook_change", "SELECT count(*) FROM orders", errors.InsufficientPrivilege),
        ("runbook_change", "DELETE FROM orders", errors.InsufficientPrivilege),
        ("airflow_extract", "UPDATE orders SET status = 'paid'", errors.InsufficientPrivilege),
        ("airflow_extract", "CREATE TABLE mine (id int)", errors.InsufficientPrivilege),
        ("shop_app", "CREATE ROLE mine", errors.InsufficientPrivilege),
    ],
)
def test_roles_are_refused_what_is_not_theirs(source, role, statement, refusal):
    """Probes cannot write, remedies cannot see rows, the extract only reads."""
    with closing(source.connect("shop_app")), closing(source.connect(role)) as session:
        cursor = session.cursor()
        with pytest.raises(refusal):
            cursor.execute(statement)


def test_read_only_can_not_be_switched_off_into_a_write(source):
    """Even when the read-only default is lifted, the probes' role holds no right to write."""
    with closing(source.connect("runbook_read")) as session, session.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM orders")


def test_probes_see_what_other_roles_run(source):
    """pg_monitor shows queries of other users."""
    with closing(source.connect("shop_app")) as session, session.cursor() as cursor:
        cursor.execute("SELECT 'the application was here'")
        query = "SELECT query FROM pg_stat_activity WHERE usename = 'shop_app'"
        assert ("SELECT 'the application was here'",) in source.ask("runbook_read", query)


def test_a_slow_probe_is_ended_by_the_server(source):
    """The probes' role has a statement timeout of its own."""
    assert source.ask("runbook_read", "SHOW statement_timeout") == [("5s",)]


def test_nobody_logs_in_without_a_password(source):
    """Loopback is no password: scram is required of everybody."""
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(f"postgresql://postgres:wrong@127.0.0.1:{source.port}/ecommerce_source")
    assert (source.state / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_sigterm_ends_it_cleanly_even_with_open_sessions(start_source, tmp_path):
    """Exit code 0 within seconds, no data folder left, no server left."""
    running = start_source(tmp_path)
    running.wait_until_ready()
    with closing(running.connect("shop_app")):
        assert running.stop() == 0
    assert not list(tmp_path.glob("runbook-source-*"))
    assert servers_of(running) == []


def test_a_killed_one_is_swept_at_the_next_start(start_source, tmp_path):
    """kill -9 leaves a server and its folder behind; the next start on that state ends and deletes both."""
    killed = start_source(tmp_path)
    killed.wait_until_ready()
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.stop()
    assert servers_of(killed)
    running = start_source(tmp_path)
    running.wait_until_ready()
    assert servers_of(killed) == []
    assert running.stop() == 0


def servers_of(source) -> list[str]:
    """The PostgreSQL servers that listen on the source's port."""
    shown = subprocess.run(["ps", "-A", "-ww", "-o", "command="], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if f"-p {source.port} " in line and "postgres -D" in line]
