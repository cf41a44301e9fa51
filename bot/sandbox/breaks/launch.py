"""A run of the daily DAG that will meet the break."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.breaks.airflow_rest import UNFINISHED
from bot.sandbox.breaks.running import Running


def launch_run(running: Running, name: str, expectation: str) -> None:
    """Trigger the DAG, unless a run that this break launched is still under way."""
    prefix = f"break-{name}-"
    with running.airflow() as airflow:
        airflow.pause(False)
        for run in airflow.runs(state=list(UNFINISHED)):
            if run["dag_run_id"].startswith(prefix):
                running.tell(f"run {run['dag_run_id']} is under way already")
                return
        run_id = f"{prefix}{datetime.now(UTC):%Y%m%dT%H%M%S}"
        airflow.trigger(run_id, f"runbook sandbox break {name}")
    running.tell(f"started run {run_id} of ecommerce_daily: {expectation}")


def end_runs(running: Running, name: str) -> None:
    """Remove the runs under way that this break launched, so that none of them meets the next incident."""
    with running.airflow() as airflow:
        for run in airflow.runs(state=list(UNFINISHED)):
            if run["dag_run_id"].startswith(f"break-{name}-"):
                airflow.remove_run(run)
                running.tell(f"removed run {run['dag_run_id']}")
