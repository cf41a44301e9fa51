"""Do Airflow's own processes live? Each part's word, and what it makes of the whole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import Unreachable
from bot.integrations.airflow.probes.scheduler import SchedulerArguments, read_scheduler, scheduler_from
from tests.integrations.airflow.builders import airflow

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def health(**states: str | None) -> dict[str, Any]:
    """Airflow's report, all well but for these."""
    parts: dict[str, str | None] = {"scheduler": "healthy", "metadatabase": "healthy", "dag_processor": "healthy"}
    return {name: {"status": status} for name, status in (parts | states).items()}


@pytest.mark.parametrize(
    ("states", "is_healthy", "down"),
    [
        ({}, True, ()),
        ({"triggerer": "healthy"}, True, ()),
        ({"dag_processor": None}, True, ()),
        ({"scheduler": "unhealthy"}, False, ("scheduler",)),
        ({"scheduler": None}, False, ()),
        ({"metadatabase": "unhealthy"}, False, ("metadatabase",)),
        ({"dag_processor": "unhealthy"}, False, ("dag_processor",)),
        ({"triggerer": "unhealthy"}, True, ("triggerer",)),
    ],
)
def test_what_keeps_runs_from_starting_makes_it_ill(
    states: dict[str, str | None], is_healthy: bool, down: tuple[str, ...]
) -> None:
    """A part that is not run is not down; without a triggerer runs start all the same."""
    found = scheduler_from(health(**states), NOW)
    assert (found.is_healthy, found.down) == (is_healthy, down)


def test_a_heartbeat_of_a_clock_that_is_ahead_is_just_now() -> None:
    """Never less than nothing; the database has none."""
    report = health() | {"scheduler": {"status": "healthy", "latest_scheduler_heartbeat": "2026-11-23T05:09:00Z"}}
    found = scheduler_from(report, NOW)
    assert (found.heartbeat_age_s, found.components[1].heartbeat_age_s) == (0.0, None)


def test_an_empty_report_is_no_health() -> None:
    """A stranger's answer."""
    found = scheduler_from({}, NOW)
    assert (found.status, found.is_healthy, found.components) == ("", False, ())


def test_an_airflow_that_does_not_answer_is_an_error(scope: Scope) -> None:
    """The probe proves the connection: 503 from a proxy is nobody there."""
    with pytest.raises(Unreachable, match="answered 503: no healthy upstream"):
        read_scheduler(airflow(get_health=(503, "no healthy upstream")), SchedulerArguments(), scope)
