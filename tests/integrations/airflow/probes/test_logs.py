"""What a failed try said last: which try is chosen, and what of its log is shown."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError, NotFound
from bot.integrations.airflow.probes.logs import (
    FRAMES,
    LINE_LENGTH,
    LINES,
    TaskLogArguments,
    Try,
    failed_try,
    log_from,
    read_task_log,
)
from tests.integrations.airflow.builders import GONE, airflow, instance, instances

HERE = Try("r1", 1)


def log_of(*entries: Any) -> Any:
    """The facts of a log with these entries."""
    return log_from({"content": list(entries)}, "d", "t", HERE, "url")


def failed(*frames: dict[str, Any], value: str = "no") -> dict[str, Any]:
    """An entry with an exception."""
    return {
        "event": "failed",
        "level": "error",
        "error_detail": [{"exc_type": "E", "exc_value": value, "frames": frames}],
    }


def frame(filename: str, lineno: int = 1) -> dict[str, Any]:
    """One frame of it."""
    return {"filename": filename, "lineno": lineno, "name": "f"}


@pytest.mark.parametrize(
    ("state", "number", "chosen"),
    [
        ("failed", 3, 3),
        ("up_for_retry", 1, 1),
        ("running", 2, 1),
        ("queued", 3, 2),
        ("deferred", 2, 1),
        ("running", 1, 1),
        ("success", 2, 2),
        ("failed", None, 1),
    ],
)
def test_the_try_that_failed_is_the_one_before_when_the_next_has_begun(
    state: str, number: int | None, chosen: int
) -> None:
    """There is none before the first."""
    assert failed_try(instance(state=state, try_number=number)) == Try("r1", chosen)


def test_run_and_try_that_are_known_are_not_looked_up(scope: Scope) -> None:
    """One call; the address leads to that try, its run's colons and pluses escaped."""
    client = airflow(get_log={"content": "well"})
    found = read_task_log(client, TaskLogArguments("d", "t", "manual__2026-11-23T05:00:00+00:00", 2), scope)
    assert [one.method for one in client.asked] == ["get_log"]
    assert found.log_url == (
        "https://airflow.example.com/dags/d/runs/manual__2026-11-23T05%3A00%3A00%2B00%3A00/tasks/t?try_number=2"
    )


@pytest.mark.parametrize(
    ("arguments", "method", "asked"),
    [
        (TaskLogArguments("d", "t"), "get_task_instances", ("r1", 1)),
        (TaskLogArguments("d", "t", "r1"), "get_task_instance", ("r1", 1)),
        (TaskLogArguments("d", "t", try_number=4), "get_task_instances", ("r1", 4)),
    ],
)
def test_what_is_not_known_is_looked_up(
    arguments: TaskLogArguments, method: str, asked: tuple[str, int], scope: Scope
) -> None:
    """The newest run in which it failed, its last failed try; a try that was named stands."""
    row = instance("t", "running", try_number=2)
    client = airflow(get_task_instances=instances(row), get_task_instance=row, get_log={"content": []})
    read_task_log(client, arguments, scope)
    log = client.arguments_of("get_log")
    assert client.asked[0].method == method
    assert (log["dag_run_id"], log["try_number"]) == asked


def test_a_task_that_never_failed_has_no_log_to_show(scope: Scope) -> None:
    """Only failures were asked for."""
    client = airflow(get_task_instances=instances())
    with pytest.raises(NotFound, match=r"^airflow: no failed try of d\.t is known$"):
        read_task_log(client, TaskLogArguments("d", "t"), scope)
    assert client.asked[0].arguments["state"] == ["failed", "up_for_retry"]


def test_a_log_that_is_gone_is_told(scope: Scope) -> None:
    """Airflow cleans up."""
    with pytest.raises(NotFound):
        read_task_log(airflow(get_log=GONE), TaskLogArguments("d", "t", "r1", 1), scope)


def test_a_run_id_that_means_every_run_is_refused(scope: Scope) -> None:
    """Airflow takes ~ for all."""
    with pytest.raises(EntityError, match="is not the id of a run"):
        read_task_log(airflow(), TaskLogArguments("d", "t", "~", 1), scope)


@pytest.mark.parametrize("content", [None, [], ""])
def test_an_empty_log_has_no_lines(content: Any) -> None:
    """A task that was killed before it wrote."""
    found = log_from({"content": content}, "d", "t", HERE, "url")
    assert (found.lines, found.exception_type, found.frames, found.where) == ((), "", (), "")


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ({"event": "x", "level": "WARNING"}, "warning: x"),
        ({"event": "x", "level": "info"}, "x"),
        ({"event": "x"}, "x"),
        ({"event": "a\n  b"}, "a b"),
        ({"event": 7, "level": None}, "7"),
        ("plain", "plain"),
        ({"event": "password=hunter2hunter2"}, "password=•••"),
        ({"event": "y" * 900}, "y" * LINE_LENGTH),
    ],
)
def test_an_entry_is_one_short_line(entry: Any, line: str) -> None:
    """With its level where that says something."""
    assert log_of(entry).lines == (line,)


@pytest.mark.parametrize("entry", [{"event": "::group::x"}, {"event": "  "}, {"event": None}, {}, ""])
def test_what_says_nothing_is_no_line(entry: Any) -> None:
    """Marks that only fold lines on Airflow's page."""
    assert log_of(entry).lines == ()


def test_the_last_lines_count() -> None:
    """A log may hold a million."""
    assert log_of(*({"event": str(number)} for number in range(99))).lines == tuple(map(str, range(99 - LINES, 99)))


def test_the_last_exception_is_the_one_that_failed_the_task() -> None:
    """One that was caught and logged before is not."""
    found = log_of(failed(frame("/dags/a.py"), value="first"), failed(frame("/dags/b.py", 9), value="last"))
    assert (found.exception_message, found.where) == ("last", "b.py:9 in f")


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (["/usr/lib/python3.11/x.py", "/dags/a.py", "/venv/site-packages/y.py"], ["/dags/a.py"]),
        (["/venv/dist-packages/x.py", "/v/site-packages/airflow/y.py"], ["/venv/dist-packages/x.py"]),
        (["/v/site-packages/airflow/x.py", "/v/site-packages/airflow/y.py"], ["/v/site-packages/airflow/x.py"]),
    ],
)
def test_frames_are_the_users_own_where_there_are_any(files: list[str], shown: list[str]) -> None:
    """Else a library's, else whatever there is."""
    found = log_of(failed(*map(frame, files)))
    assert [one.partition(":")[0] for one in found.frames][: len(shown)] == shown


def test_the_innermost_frames_are_kept() -> None:
    """Recursion."""
    found = log_of(failed(*(frame("/dags/a.py", number) for number in range(40))))
    assert [one.split(":")[1] for one in found.frames] == [f"{number} in f" for number in range(40 - FRAMES, 40)]
