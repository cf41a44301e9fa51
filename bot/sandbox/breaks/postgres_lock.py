"""Break `postgres-lock`: a migration of the shop holds a lock on orders, so the extract times out."""

from __future__ import annotations

import time

from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError

LOCK_DEADLINE = 15.0
HOLDERS = """
    SELECT activity.pid FROM pg_stat_activity AS activity JOIN pg_locks AS locks USING (pid)
    WHERE activity.application_name = 'checkout-migration' AND locks.granted
      AND locks.relation = 'orders'::regclass AND locks.mode = 'AccessExclusiveLock'
"""
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'checkout-migration'"


def cause(running: Running) -> None:
    """Start the migration unless it holds the lock already, then a run of the DAG."""
    if not find_holders(running):
        url, folder = running.part("source")["app_url"], running.state / "source"
        port = url.rpartition(":")[2].partition("/")[0]
        running.start_module("source", "bot.sandbox.source.blocker", "--port", port, "--state", str(folder))
        wait_for_lock(running)
    running.tell(f"backend {find_holders(running)[0]} (shop_app, checkout-migration) holds orders, idle in transaction")
    launch_run(running, "postgres-lock", "its extract will time out in seconds")


def mend(running: Running) -> None:
    """End the migration's sessions; Airflow's next try goes through."""
    with running.source("admin") as session, session.cursor() as cursor:
        cursor.execute(END)
        running.tell(f"ended {cursor.rowcount} session(s) of checkout-migration")


def find_holders(running: Running) -> list[int]:
    """Backends of the migration that hold orders."""
    with running.source("admin") as session, session.cursor() as cursor:
        cursor.execute(HOLDERS)
        return [pid for (pid,) in cursor.fetchall()]


def wait_for_lock(running: Running) -> None:
    """Return once the lock is held; an extract that is under way has to finish first."""
    deadline = time.monotonic() + LOCK_DEADLINE
    while not find_holders(running):
        if time.monotonic() > deadline:
            raise SandboxError(f"the migration did not get its lock: see {running.state / 'logs' / 'blocker.log'}")
        time.sleep(0.1)


BREAK = Break(
    name="postgres-lock",
    title="a forgotten migration locks orders: extract_postgres_orders times out",
    needs=("source", "airflow"),
    cause=cause,
    mend=mend,
)
