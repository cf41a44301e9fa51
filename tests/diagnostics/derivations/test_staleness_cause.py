"""Which of the runbook's causes it is that the data is old."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.derivations.staleness_cause import StalenessArguments, StalenessCause, find_cause
from bot.integrations.airflow.probes.runs import TodaysRun
from bot.integrations.airflow.probes.scheduler import Scheduler
from bot.integrations.snowflake.probes.freshness import Freshness, MartFreshness
from bot.integrations.snowflake.probes.warehouses import Warehouse
from bot.integrations.streamlit.probes.health import Health

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TODAY, YESTERDAY = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
RAN = TodaysRun(is_paused=False, schedule="0 6 * * *", has_run=True, state="success")
NOT_RUN = TodaysRun(is_paused=False, schedule="0 6 * * *", has_run=False)
WELL = Scheduler("healthy", is_healthy=True)
OLD = MartFreshness("M.FCT", "DATE", YESTERDAY, 32.0, 24.0, is_stale=True)
STALE = Freshness((OLD,), 1, ("M.FCT",), OLD, is_stale=True, newest=YESTERDAY)
CURRENT = Freshness((replace(OLD, newest=TODAY, is_stale=False),), newest=TODAY)
UP = Warehouse("REPORTING_WH", "STARTED")
DOWN = Warehouse("REPORTING_WH", "SUSPENDED", auto_resume=False, is_suspended=True)
SHOWS = Health("https://d", is_healthy=True, tells_last_read=True, newest=TODAY)
FACTS: dict[str, Any] = {"run": RAN, "scheduler": WELL, "fresh": CURRENT, "reporting": UP, "dashboard": SHOWS}


def cause(**changes: Any) -> StalenessCause:
    """The verdict when all is well but for these."""
    return find_cause(StalenessArguments(**{**FACTS, **changes}), NOW)


@pytest.mark.parametrize(
    ("changes", "kind", "step", "words"),
    [
        ({"run": replace(NOT_RUN, is_paused=True), "fresh": STALE}, "paused", "did not run", "paused"),
        (
            {"run": NOT_RUN, "scheduler": Scheduler("unhealthy"), "fresh": STALE},
            "scheduler",
            "did not run",
            "scheduler",
        ),
        ({"run": NOT_RUN, "fresh": STALE}, "missing", "did not run", "has not started"),
        ({"run": replace(RAN, state="running"), "fresh": STALE}, "under_way", "did not run", "still under way"),
        (
            {"run": replace(RAN, state="failed", failed_tasks=("dbt_run",)), "fresh": STALE},
            "failed",
            "failed",
            "dbt_run",
        ),
        ({"fresh": STALE}, "silent", "failed", "succeeded without new rows"),
        ({"run": replace(RAN, skipped_tasks=("dbt_run",)), "fresh": STALE}, "silent", "failed", "skipped dbt_run"),
        ({"reporting": DOWN}, "warehouse", "reporting warehouse", "REPORTING_WH is suspended"),
        ({"dashboard": Health("u", is_healthy=False, problem="no answer")}, "dashboard", "dashboard", "no answer"),
        (
            {"dashboard": replace(SHOWS, newest=YESTERDAY)},
            "cached",
            "cached",
            "up to 22 Nov, Snowflake has them up to 23 Nov",
        ),
        ({}, "none", "", "shows its newest day"),
    ],
)
def test_each_cause_is_told_from_the_others(changes: dict[str, Any], kind: str, step: str, words: str) -> None:
    """From what was read, in plain words, and surely."""
    found = cause(**changes)
    assert (found.kind, found.step, found.is_sure) == (kind, step, True)
    assert words in found.sentence


def test_a_warehouse_that_resumes_by_itself_is_no_cause() -> None:
    """Suspended is how an idle warehouse looks."""
    assert cause(reporting=replace(DOWN, auto_resume=True)).kind == "none"


def test_a_dashboard_that_does_not_tell_leaves_the_cache_as_the_likely_cause() -> None:
    """Current rows, all well, and still somebody sees old data: then it is the cache, but nobody saw it."""
    found = cause(dashboard=replace(SHOWS, tells_last_read=False, newest=None))
    assert (found.kind, found.is_sure) == ("cached", False)
    assert cause(dashboard=None).kind == "cached"


def test_further_causes_are_told_too() -> None:
    """The data's own way comes first; a suspended warehouse has to be mended as well."""
    found = cause(run=replace(NOT_RUN, is_paused=True), fresh=STALE, reporting=DOWN)
    assert found.kind == "paused"
    assert "REPORTING_WH is suspended" in found.also[0]


def test_what_could_not_be_read_is_not_guessed() -> None:
    """Each of the five may be missing."""
    assert cause(run=None, fresh=STALE).sentence == "Snowflake is behind, and Airflow could not say why."
    assert cause(fresh=None).kind == "unknown"
    assert cause(run=NOT_RUN, fresh=None).kind == "missing"
    assert find_cause(StalenessArguments(), NOW) == StalenessCause()


@pytest.mark.parametrize(
    ("shown", "loaded", "kind"),
    [
        (TODAY, TODAY.replace(hour=23), "none"),
        (YESTERDAY.replace(hour=23, minute=59), TODAY, "cached"),
        (TODAY, YESTERDAY, "none"),
        (TODAY, None, "none"),
    ],
    ids=["same day", "a minute before midnight", "newer than Snowflake", "unknown"],
)
def test_the_dashboard_is_judged_by_whole_days(shown: datetime, loaded: datetime | None, kind: str) -> None:
    """Rows are of days: an hour's difference within one is none."""
    found = cause(dashboard=replace(SHOWS, newest=shown), fresh=replace(CURRENT, newest=loaded))
    assert (found.kind, found.shown) == (kind, shown)


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_under_way_is_waited_for_also_when_the_dag_is_paused(state: str) -> None:
    """Pausing stops the next run, not this one."""
    run = replace(RAN, state=state, is_paused=True, has_run=state == "running")
    assert cause(run=run, fresh=STALE).kind == "under_way"


def test_a_failed_run_without_a_failed_task_is_told_so() -> None:
    """A run may time out by itself; no colon is left behind."""
    assert cause(run=replace(RAN, state="failed"), fresh=STALE).sentence == "Today's run failed."


def test_all_three_causes_are_told_in_the_datas_way() -> None:
    """Run, warehouse, dashboard."""
    found = cause(
        run=replace(RAN, state="failed"),
        fresh=STALE,
        reporting=DOWN,
        dashboard=Health("u", is_healthy=False, problem="down"),
    )
    assert (found.kind, len(found.also)) == ("failed", 2)
    assert found.also[1] == "The dashboard does not serve: down."


def test_a_run_that_did_not_come_matters_only_while_data_is_old() -> None:
    """Rows that are current came some other way."""
    assert cause(run=replace(NOT_RUN, is_paused=True)).kind == "none"
