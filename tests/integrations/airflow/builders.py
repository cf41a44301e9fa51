"""An Airflow of prepared answers behind the real `Calls`, and rows as its API gives them."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError
from bot.integrations.airflow.client import Calls
from bot.integrations.deadline import Deadline

Answer = tuple[int, Any] | Mapping[str, Any] | Callable[..., Any]
GONE = (404, {"detail": "not found"})


class Asked(NamedTuple):
    """One call of the API."""

    method: str
    arguments: Mapping[str, Any]


@dataclass
class AirflowDouble:
    """Answers each method of the API with what `answers` holds: JSON, a status with JSON, or a function of the call.

    A method that is not there fails. Keeps what it was asked; changes only when it may.
    """

    answers: Mapping[str, Answer]
    may_change: bool = True
    url: str = "https://airflow.example.com"
    asked: list[Asked] = field(default_factory=list)

    @contextmanager
    def calling(self, scope: Scope) -> Iterator[Calls]:
        """As the client's own."""
        yield Calls(self, Deadline("airflow", scope.deadline_s))  # type: ignore[arg-type]

    def require_change(self) -> None:
        """As the client's own."""
        if not self.may_change:
            raise IntegrationError("airflow", "this connection is for reading only")

    def answer(self, _api: str, method: str, _deadline: Deadline, arguments: Mapping[str, Any]) -> tuple[int, bytes]:
        """As the client's own."""
        self.asked.append(Asked(method, arguments))
        assert method in self.answers, f"nobody expected {method}({arguments})"
        answer = self.answers[method]
        found = answer(**arguments) if callable(answer) else answer
        status, body = found if isinstance(found, tuple) else (200, found)
        return status, json.dumps(body).encode()

    def arguments_of(self, method: str) -> Mapping[str, Any]:
        """With what the method was called last."""
        return [one.arguments for one in self.asked if one.method == method][-1]


def airflow(may_change: bool = True, **answers: Answer) -> Any:
    """An Airflow with these answers."""
    return AirflowDouble(answers, may_change)


def instance(task_id: str = "load", state: str | None = "failed", **more: Any) -> dict[str, Any]:
    """A task instance of the run r1 of the DAG d, which ended at 05:02."""
    times = {"start_date": "2026-11-23T05:01:00Z", "end_date": "2026-11-23T05:02:00Z", "duration": 60.0}
    return {"dag_id": "d", "dag_run_id": "r1", "task_id": task_id, "state": state, "try_number": 1, **times, **more}


def instances(*rows: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that lists them."""
    return {"task_instances": list(rows), "total_entries": len(rows)}


def run(run_id: str = "r1", state: str = "success", **more: Any) -> dict[str, Any]:
    """A run of the DAG d that was due and began at 05:00, and took a minute."""
    times = {"run_after": "2026-11-23T05:00:00Z", "start_date": "2026-11-23T05:00:00Z", "duration": 60.0}
    return {"dag_run_id": run_id, "dag_id": "d", "state": state, "end_date": "2026-11-23T05:01:00Z", **times, **more}


def runs(*rows: Mapping[str, Any]) -> dict[str, Any]:
    """An answer that lists them."""
    return {"dag_runs": list(rows), "total_entries": len(rows)}
