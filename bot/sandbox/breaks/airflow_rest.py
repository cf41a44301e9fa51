"""The few calls of Airflow's REST API that a break makes."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx

from bot.sandbox.errors import SandboxError

TIMEOUT = 20.0
DAG = "ecommerce_daily"
UNFINISHED = ("queued", "running")


class Airflow:
    """A login to Airflow 3; refusals become SandboxError with Airflow's own words."""

    def __init__(self, url: str, username: str, password: str, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False, transport=transport)
        token = self._call("POST", "/auth/token", {"username": username, "password": password})["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def trigger(self, run_id: str, note: str) -> bool:
        """Start a run of the daily DAG; False when a run of that id exists."""
        body: dict[str, Any] = {"dag_run_id": run_id, "logical_date": None, "conf": {}, "note": note}
        answer = self._http.post(f"/api/v2/dags/{DAG}/dagRuns", json=body)
        if answer.status_code == httpx.codes.CONFLICT:
            return False
        _check(answer)
        return True

    def runs(self, **filters: Any) -> list[dict[str, Any]]:
        """Runs of the daily DAG, newest first; filters as the API names them."""
        query = {"order_by": "-run_after", "limit": 50, **filters}
        found: list[dict[str, Any]] = self._call("GET", f"/api/v2/dags/{DAG}/dagRuns", query=query)["dag_runs"]
        return found

    def pause(self, paused: bool) -> None:
        """Pause or unpause the daily DAG."""
        self._call("PATCH", f"/api/v2/dags/{DAG}", {"is_paused": paused})

    def variable(self, name: str) -> str:
        """The value of one of Airflow's variables."""
        return str(self._call("GET", f"/api/v2/variables/{name}")["value"])

    def set_variable(self, name: str, value: str) -> None:
        """Give one of Airflow's variables, which exists, another value."""
        self._call("PATCH", f"/api/v2/variables/{name}", {"key": name, "value": value})

    def remove_run(self, run: dict[str, Any]) -> None:
        """Delete a run; one that is under way is failed first."""
        path = f"/api/v2/dags/{DAG}/dagRuns/{run['dag_run_id']}"
        if run["state"] in UNFINISHED:
            self._call("PATCH", path, {"state": "failed"})
        self._call("DELETE", path)

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        answer = _check(self._http.request(method, path, json=body, params=query))
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _check(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise SandboxError(f"Airflow refused {answer.request.method} {answer.request.url.path}: {answer.text[:300]}")
    return answer
