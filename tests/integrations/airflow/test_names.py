"""What may stand in an address of Airflow's API, and its values as facts hold them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import EntityError
from bot.integrations.airflow.names import checked_id, checked_run_id
from bot.integrations.airflow.probes.logs import Try, failed_try
from bot.integrations.airflow.probes.rows import delay, duration_s, ids_in, moment
from bot.integrations.airflow.remedies.trigger import run_id_of


@pytest.mark.parametrize("text", ["~", "", "../dags", "a/b", "a b", "a?x=1", "a%2Fb", "a\n;", "-x", "x" * 300])
def test_what_is_no_id_never_reaches_an_address(text: str) -> None:
    """`~` would mean every DAG; a slash another address."""
    with pytest.raises(EntityError, match="is not the id of a DAG"):
        checked_id(text, "DAG")


@pytest.mark.parametrize("text", ["~", "", "a/b", "a b", "a?b", "x" * 300])
def test_what_is_no_run_id(text: str) -> None:
    """The characters that Airflow itself allows, and not its sign for all runs."""
    with pytest.raises(EntityError, match="is not the id of a run"):
        checked_run_id(text)


def test_real_ids_pass() -> None:
    """As Airflow makes them."""
    assert checked_id(" ecommerce_daily.v2-x ", "DAG") == "ecommerce_daily.v2-x"
    assert checked_run_id("scheduled__2026-11-23T00:00:00.123+00:00") == "scheduled__2026-11-23T00:00:00.123+00:00"


@pytest.mark.parametrize("incident", ["INC-7", "a/b c", "ü", "x" * 500])
def test_a_run_id_is_made_of_any_incident(incident: str) -> None:
    """Whatever incidents are called, Airflow takes the run's id; the same incident always gives the same."""
    made = run_id_of(incident)
    assert checked_run_id(made) == made == run_id_of(incident)
    assert made.startswith("runbook__")


@pytest.mark.parametrize(
    ("state", "number", "tried"), [("failed", 3, 3), ("up_for_retry", 1, 1), ("running", 2, 1), ("queued", 1, 1)]
)
def test_the_last_failed_try(state: str, number: int, tried: int) -> None:
    """Once the next try has begun, the one before it is the one that failed."""
    assert failed_try({"dag_run_id": "r", "state": state, "try_number": number}) == Try("r", tried)


def test_values_of_the_api() -> None:
    """Instants in UTC, durations in seconds, Airflow's own TimeDelta."""
    assert (
        moment("2026-11-23T06:00:00+01:00") == moment("2026-11-23T05:00:00Z") == datetime(2026, 11, 23, 5, tzinfo=UTC)
    )
    assert moment(None) is None
    assert duration_s({"duration": None, "start_date": "2026-11-23T05:00:00Z", "end_date": None}) == 0.0
    assert delay({"days": 1, "seconds": 30, "microseconds": 0}) == timedelta(days=1, seconds=30)
    assert delay(None) is None


def test_tasks_in_the_order_in_which_they_ran() -> None:
    """Those that never began come last; a mapped task is named once."""
    rows = [
        {"task_id": "c", "state": "failed", "start_date": None},
        {"task_id": "b", "state": "failed", "start_date": "2026-11-23T05:00:01Z"},
        {"task_id": "b", "state": "failed", "start_date": "2026-11-23T05:00:03Z"},
        {"task_id": "a", "state": "success", "start_date": "2026-11-23T05:00:00Z"},
    ]
    assert ids_in(rows, "failed") == ("b", "c")
