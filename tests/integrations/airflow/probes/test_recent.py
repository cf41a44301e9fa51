"""How the last runs of a DAG ended, for a chart."""

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.airflow.probes.recent import SHOWN, RecentRunsArguments, read_recent_runs, recent_runs_from
from tests.integrations.airflow.builders import GONE, airflow, run, runs


@pytest.mark.parametrize(("limit", "asked"), [(14, 14), (3, 3), (0, 1), (-1, 1), (900, SHOWN)])
def test_between_one_and_fourteen_runs_are_read(limit: int, asked: int, scope: Scope) -> None:
    """A chart has no room for more."""
    client = airflow(get_dag_runs=runs())
    read_recent_runs(client, RecentRunsArguments("d", limit), scope)
    assert client.arguments_of("get_dag_runs") == {"dag_id": "d", "order_by": ["-run_after"], "limit": asked}


@pytest.mark.parametrize(
    ("newest_first", "failed", "in_a_row"),
    [
        (["failed", "failed", "success", "failed"], 3, 2),
        (["running", "failed", "success"], 1, 1),
        (["success", "failed"], 1, 0),
        (["failed", "queued", "failed"], 2, 2),
        (["running"], 0, 0),
        ([], 0, 0),
    ],
)
def test_failures_in_a_row_count_back_to_the_last_success(newest_first: list[str], failed: int, in_a_row: int) -> None:
    """A run under way says nothing yet."""
    found = recent_runs_from("d", [run(f"r{number}", state) for number, state in enumerate(newest_first)])
    assert (found.count, found.failed, found.failed_in_a_row) == (len(newest_first), failed, in_a_row)


def test_the_last_success_is_the_newest_one() -> None:
    """The rows come newest first, the chart reads oldest first."""
    rows = [run("r2", end_date="2026-11-22T05:01:00Z", duration=30.0), run("r1", end_date="2026-11-21T05:01:00Z")]
    found = recent_runs_from("d", rows)
    assert found.last_success_at is not None
    assert (found.last_success_at.day, found.usual_s) == (22, 45.0)
    assert [one.run_id for one in found.runs] == ["r1", "r2"]


def test_a_dag_that_is_not_there_is_told(scope: Scope) -> None:
    """Not the same as one that never ran; an id that means all DAGs is refused."""
    with pytest.raises(NotFound):
        read_recent_runs(airflow(get_dag_runs=GONE), RecentRunsArguments("d"), scope)
    with pytest.raises(EntityError):
        read_recent_runs(airflow(), RecentRunsArguments("~"), scope)
