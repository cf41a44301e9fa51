"""What failed before a task, and what it holds up."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import NotFound
from bot.integrations.airflow.probes.neighbours import (
    TaskNeighbours,
    TaskNeighboursArguments,
    read_task_neighbours,
    task_neighbours_from,
)
from tests.integrations.airflow.builders import airflow, instance, instances

LINE = (("extract", "load"), ("load", "models"), ("models", "tests"), ("tests",))


def tasks(*edges: tuple[str, ...]) -> list[dict[str, Any]]:
    """Tasks, each with those that follow it directly."""
    return [{"task_id": name, "downstream_task_ids": list(after)} for name, *after in edges]


def seen(task_id: str, **states: str | None) -> TaskNeighbours:
    """The line extract → load → models → tests in these states, seen from a task; started in the order given."""
    rows = [
        instance(name, state, start_date=f"2026-11-23T05:0{place}:00Z")
        for place, (name, state) in enumerate(states.items())
    ]
    return task_neighbours_from(task_id, "r1", rows, tasks(*LINE))


@pytest.mark.parametrize(
    ("states", "root", "failed_before"),
    [
        ({"extract": "success", "load": "success", "models": "failed"}, "models", ()),
        ({"extract": "failed", "load": "upstream_failed", "models": "upstream_failed"}, "extract", ("extract", "load")),
        ({"extract": "success", "load": "up_for_retry", "models": None}, "", ("load",)),
        ({"extract": "success", "load": "success", "models": "success"}, "", ()),
        ({"extract": "success", "load": "failed", "models": "running"}, "", ("load",)),
    ],
)
def test_the_root_is_what_failed_first_on_the_way(
    states: dict[str, str | None], root: str, failed_before: tuple[str, ...]
) -> None:
    """Itself when nothing before it did; none when it did not fail."""
    found = seen("models", **states)
    assert (found.root, found.failed_before) == (root, failed_before)


def test_what_comes_after_and_is_not_done_is_held() -> None:
    """Nearest first, those of which the run has no instance yet too; skipped counts as done."""
    assert seen("load", extract="success", load="failed", models=None).held == ("models", "tests")
    assert seen("load", extract="success", load="failed", models="skipped", tests="success").held == ()


def test_a_branch_beside_it_is_neither_before_nor_after() -> None:
    """Its failure is another story."""
    graph = tasks(("a", "x", "y"), ("x",), ("y",))
    found = task_neighbours_from("x", "r1", [instance("y"), instance("x"), instance("a", "success")], graph)
    assert (found.failed_beside, found.failed_before, found.held) == (("y",), (), ())
    assert (found.task_count, found.done_count) == (3, 1)


def test_a_task_that_left_the_dag_has_no_neighbours() -> None:
    """The run is older than the file; edges to tasks that are not listed do no harm."""
    found = task_neighbours_from("old", "r1", [instance("old")], tasks(("a", "gone")))
    assert (found.root, found.held, found.failed_beside) == ("old", (), ())


def test_a_ring_ends() -> None:
    """Airflow refuses one; a stranger's answer need not."""
    found = task_neighbours_from("a", "r1", [instance("a")], tasks(("a", "b"), ("b", "a")))
    assert (found.held, found.root) == (("b",), "a")


def test_the_newest_run_is_looked_up_unless_one_is_named(scope: Scope) -> None:
    """Then its tasks are read once, and the DAG's."""
    answers = {"get_task_instances": instances(instance("t", dag_run_id="r9")), "get_tasks": {"tasks": tasks(("t",))}}
    client, named = airflow(**answers), airflow(**answers)
    assert read_task_neighbours(client, TaskNeighboursArguments("d", "t"), scope).run_id == "r9"
    assert [one.method for one in client.asked] == ["get_task_instances", "get_task_instances", "get_tasks"]
    assert client.arguments_of("get_task_instances")["dag_run_id"] == "r9"
    assert read_task_neighbours(named, TaskNeighboursArguments("d", "t", "r1"), scope).run_id == "r1"
    assert len(named.asked) == 2


def test_a_task_that_never_ran_is_told(scope: Scope) -> None:
    """There is no run to look at."""
    with pytest.raises(NotFound, match=r"^airflow: d\.t has never run$"):
        read_task_neighbours(airflow(get_task_instances=instances()), TaskNeighboursArguments("d", "t"), scope)
