"""When the supervisor may call Airflow ready."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.sandbox.airflow.part import AirflowHealth

Serve = Callable[[dict[str, Any]], str]
HEALTHY = {name: {"status": "healthy"} for name in ("metadatabase", "scheduler", "dag_processor")}


@pytest.fixture
def serve() -> Iterator[Serve]:
    """An HTTP server that answers each path with its JSON and any other with 404; returns its address."""
    servers = []

    def start(answers: dict[str, Any]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200 if self.path in answers else 404)
                self.end_headers()
                self.wfile.write(json.dumps(answers.get(self.path)).encode())

            def log_message(self, *_: object) -> None:
                return None

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_airflow_is_ready_when_every_component_says_so(serve: Serve) -> None:
    """The triggerer, which does not run here, is not asked for."""
    answers = {"/execution/health": {}, "/api/v2/monitor/health": HEALTHY | {"triggerer": {"status": None}}}
    assert AirflowHealth(serve(answers)).problem() is None


def test_a_component_that_is_not_up_is_named(serve: Serve) -> None:
    """The endpoint answers 200 all the same, so its words count."""
    monitor = HEALTHY | {"scheduler": {"status": "unhealthy"}}
    answers = {"/execution/health": {}, "/api/v2/monitor/health": monitor}
    assert AirflowHealth(serve(answers)).problem() == "Airflow is not healthy yet: scheduler"


def test_an_api_that_tasks_cannot_reach_is_not_ready(serve: Serve) -> None:
    """Without the tasks' API no task could start."""
    problem = AirflowHealth(serve({"/api/v2/monitor/health": HEALTHY})).problem()
    assert problem is not None
    assert "404" in problem


def test_nobody_there_is_a_problem_not_an_error() -> None:
    """While Airflow starts, nobody listens."""
    problem = AirflowHealth("http://127.0.0.1:1").problem()
    assert problem is not None
    assert "refused" in problem
