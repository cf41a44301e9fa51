"""Break `stale-mart`: today is taken away, and the freshness check has to notice."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.sandbox.breaks import stale_mart
from bot.sandbox.errors import SandboxError
from tests.sandbox.breaks.builders import make_running


def checked(code: int, stdout: str = "", stderr: str = "") -> SimpleNamespace:
    """How the freshness check ended."""
    return SimpleNamespace(returncode=code, stdout=stdout, stderr=stderr)


CONTROL = {"age_marts": {"newest": "2026-11-22"}}


def test_today_is_taken_away_everywhere(tmp_path: Path) -> None:
    """The DAG is paused before its runs go, RAW before the marts, and the check comes last."""
    runs = [{"dag_run_id": "today", "state": "success"}]
    running = make_running(tmp_path, control=CONTROL, under_way=runs, checked=[checked(1)])
    stale_mart.cause(running)
    assert running.log == [
        ("airflow", "pause"),
        ("airflow", "remove today"),
        *[("control", "sql")] * 3,
        ("control", "age_marts"),
        ("run", "bot.sandbox.airflow.freshness"),
    ]
    assert running.said == [
        "ecommerce_daily is paused, 1 run(s) of today removed",
        "the newest day of FCT_DAILY_REVENUE is 2026-11-22",
        "the daily freshness check told #data-alerts",
    ]


ENDS = [
    (checked(0), "the freshness check found everything fresh"),
    (checked(2, stderr="no dbt"), "the freshness check failed: no dbt"),
    (checked(2, stdout="half " * 400), "the freshness check failed: half half"),
]


@pytest.mark.parametrize(("ended", "said"), ENDS)
def test_a_check_that_found_nothing_is_told(tmp_path: Path, ended: SimpleNamespace, said: str) -> None:
    """Everything fresh, or a check that failed, is no incident: the person is told why."""
    with pytest.raises(SandboxError) as caught:
        stale_mart.cause(make_running(tmp_path, control=CONTROL, checked=[ended]))
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1_000


def test_mending_unpauses_and_runs(tmp_path: Path) -> None:
    """Today's rows come by a run."""
    running = make_running(tmp_path)
    stale_mart.mend(running)
    assert running.log == [("airflow", "unpause"), ("airflow", "unpause"), ("airflow", "trigger break-stale-mart")]
