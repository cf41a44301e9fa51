"""Breaks: found by name, careful about what runs, and polite to Airflow."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from bot.sandbox.breaks import BREAKS, cause_break, find_break, warehouse_quota
from bot.sandbox.breaks.airflow_rest import Airflow
from bot.sandbox.breaks.launch import launch_run
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError

RUNS = "/api/v2/dags/ecommerce_daily/dagRuns"


@dataclass
class FakeAirflow:
    """Answers as Airflow's API does; `asked` is what it was asked, as (method, path, body)."""

    runs: list[dict] = field(default_factory=list)
    trigger_status: int = 200
    asked: list[tuple[str, str, dict]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        self.asked.append((request.method, request.url.path, body))
        if request.url.path == "/auth/token":
            return httpx.Response(201, json={"access_token": "t"})
        if (request.method, request.url.path) == ("POST", RUNS):
            return httpx.Response(self.trigger_status, json={"detail": "no such DAG"})
        return httpx.Response(200, json={"dag_runs": self.runs} if request.method == "GET" else {})

    def login(self) -> Airflow:
        return Airflow("http://airflow.test", "admin", "secret", httpx.MockTransport(self.answer))

    def changes(self) -> list[tuple[str, str]]:
        """What was changed, in order."""
        return [(method, path) for method, path, _ in self.asked if method != "GET" and path != "/auth/token"]


@dataclass(frozen=True)
class FakeRunning(Running):
    """A running sandbox with a fake Airflow and a warehouse that is a dictionary."""

    fake: FakeAirflow = field(default_factory=FakeAirflow)
    warehouse_state: dict = field(default_factory=dict)
    steered: list[tuple[str, dict]] = field(default_factory=list)

    @contextmanager
    def airflow(self):
        with self.fake.login() as airflow:
            yield airflow

    def steer_warehouse(self, action, body=None):
        if body is not None:
            self.steered.append((action, body))
        return self.warehouse_state


def running(tmp_path, **more) -> FakeRunning:
    """A sandbox that runs everything."""
    record = {"slack": {}, "source": {}, "warehouse": {}, "airflow": {}}
    return FakeRunning(tmp_path, record, lambda _: None, **more)


def test_a_break_is_found_by_its_name():
    """A typo gets the name that was meant; every break says what it is."""
    assert set(BREAKS) >= {"postgres-lock", "stripe-429", "warehouse-quota", "stale-mart"}
    assert all(one.title and one.needs for one in BREAKS.values())
    with pytest.raises(SandboxError, match="did you mean stale-mart"):
        find_break("stale-marts")


def test_a_break_whose_part_does_not_run_is_refused(tmp_path):
    """Nothing is touched when a part is missing, and the message names it."""
    without = Running(tmp_path, {"source": {}}, lambda _: None)
    with pytest.raises(SandboxError, match="runs without airflow"):
        cause_break("postgres-lock", without)


def test_a_run_is_launched_once_while_it_is_under_way(tmp_path):
    """A second `break` does not queue a second run behind the first."""
    fake = FakeAirflow(runs=[{"dag_run_id": "break-postgres-lock-20260101T000000", "state": "running"}])
    launch_run(running(tmp_path, fake=fake), "postgres-lock", "x")
    assert ("POST", RUNS) not in fake.changes()


def test_a_run_of_another_origin_does_not_hold_it_back(tmp_path):
    """The scheduled run under way is no reason not to launch; the DAG is unpaused first."""
    fake = FakeAirflow(runs=[{"dag_run_id": "scheduled__x", "state": "running"}])
    launch_run(running(tmp_path, fake=fake), "postgres-lock", "x")
    assert fake.changes() == [("PATCH", "/api/v2/dags/ecommerce_daily"), ("POST", RUNS)]


def test_a_run_under_way_is_failed_before_it_is_deleted():
    """Airflow deletes only what has ended."""
    fake = FakeAirflow()
    fake.login().remove_run({"dag_run_id": "r", "state": "running"})
    fake.login().remove_run({"dag_run_id": "s", "state": "success"})
    assert fake.changes() == [("PATCH", f"{RUNS}/r"), ("DELETE", f"{RUNS}/r"), ("DELETE", f"{RUNS}/s")]


def test_a_repeated_run_id_is_no_error_and_a_refusal_has_airflows_words():
    """409 means that it is there already; anything else is told."""
    assert FakeAirflow(trigger_status=409).login().trigger("r", "n") is False
    with pytest.raises(SandboxError, match="no such DAG"):
        FakeAirflow(trigger_status=404).login().trigger("r", "n")


def test_the_quota_is_spent_to_where_new_queries_wait_and_running_ones_go_on(tmp_path):
    """Beyond 100 percent of the quota, below the 110 at which running queries are cancelled."""
    monitor = {"name": "LOADING_MONITOR", "used": 40.0, "quota": 50.0}
    query = {"query_id": "q", "user": "ANALYST_KIM", "warehouse": "LOADING_WH"}
    sandbox = running(tmp_path, warehouse_state={"monitors": [monitor], "running": [query]})
    warehouse_quota.cause(sandbox)
    [(action, body)] = sandbox.steered
    assert (action, body["user"], body["warehouse"]) == ("meter", "ANALYST_KIM", "LOADING_WH")
    assert 50.0 < monitor["used"] + body["credits"] < 55.0


def test_a_spent_quota_is_not_spent_twice(tmp_path):
    """Causing it again only launches the run."""
    monitor = {"name": "LOADING_MONITOR", "used": 51.5, "quota": 50.0}
    sandbox = running(tmp_path, warehouse_state={"monitors": [monitor], "running": []})
    warehouse_quota.cause(sandbox)
    assert sandbox.steered == []
    assert ("POST", RUNS) in sandbox.fake.changes()
