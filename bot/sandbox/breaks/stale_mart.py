"""Break `stale-mart`: the DAG was paused and today's run never came, so the mart ends yesterday."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.breaks.incident import Break
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError

FRESHNESS_TIMEOUT = 120.0
RAW = ("RAW_ORDERS", "RAW_ORDER_ITEMS", "RAW_PAYMENTS")
STALE, FRESH = 1, 0


def cause(running: Running) -> None:
    """Pause the DAG, take today's run and rows away, then let the daily freshness check find it."""
    forget_today(running)
    for table in RAW:
        place = f"ECOMMERCE_RAW.POSTGRES.{table}"
        today = "TO_DATE(UPDATED_AT) = CURRENT_DATE() OR TO_DATE(_LOADED_AT) = CURRENT_DATE()"
        running.steer_warehouse("sql", {"sql": f"DELETE FROM {place} WHERE {today}"})  # noqa: S608 - our own names
    newest = running.steer_warehouse("age_marts", {"days": 1})["newest"]
    running.tell(f"the newest day of FCT_DAILY_REVENUE is {newest}")
    check_freshness(running)


def mend(running: Running) -> None:
    """Unpause the DAG and run it for today."""
    with running.airflow() as airflow:
        airflow.pause(False)
    running.tell("ecommerce_daily is unpaused")
    launch_run(running, "stale-mart", "it brings today's rows")


def forget_today(running: Running) -> None:
    """Pause the DAG and remove its runs of today."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with running.airflow() as airflow:
        airflow.pause(True)
        runs = airflow.runs(run_after_gte=midnight.isoformat())
        for run in runs:
            airflow.remove_run(run)
    running.tell(f"ecommerce_daily is paused, {len(runs)} run(s) of today removed")


def check_freshness(running: Running) -> None:
    """The daily check: `dbt source freshness`, which tells #data-alerts what is stale."""
    done = running.run_module(
        "bot.sandbox.airflow.freshness",
        *("--state", str(running.state)),
        *("--environments", str(running.record["environments"])),
        timeout=FRESHNESS_TIMEOUT,
    )
    if done.returncode == FRESH:
        raise SandboxError("the freshness check found everything fresh: another run may have loaded today's rows")
    if done.returncode != STALE:
        raise SandboxError(f"the freshness check failed: {done.stderr[-800:] or done.stdout[-800:]}")
    running.tell("the daily freshness check told #data-alerts")


BREAK = Break(
    name="stale-mart",
    title="the DAG did not run today: the dashboard shows yesterday",
    needs=("slack", "warehouse", "airflow"),
    cause=cause,
    mend=mend,
)
