"""Break `stripe-429`: the limit is steered, the run launched, and both are put back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from bot.sandbox.breaks import stripe_429
from bot.sandbox.breaks.airflow_rest import Airflow
from bot.sandbox.breaks.running import Running
from bot.sandbox.errors import SandboxError


@dataclass
class Platform:
    """What Stripe's stand-in and Airflow were told, in order; Stripe answers with `status`."""

    told: list[tuple[str, dict]] = field(default_factory=list)
    status: int = 200
    url: str = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Airflow's side."""
        if request.url.path == "/auth/token":
            return httpx.Response(201, json={"access_token": "t"})
        if request.method != "GET":
            self.told.append((f"{request.method} {request.url.path}", json.loads(request.content)))
        return httpx.Response(200, json={"dag_runs": []})


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A platform whose Stripe listens."""
    made = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.told.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(made.status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        made.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield made
        http.shutdown()
        thread.join()


@dataclass(frozen=True)
class FakeRunning(Running):
    """A running sandbox of that platform."""

    platform: Platform = field(default_factory=Platform)

    @contextmanager
    def airflow(self):
        with Airflow("http://airflow.test", "admin", "p", httpx.MockTransport(self.platform.answer)) as airflow:
            yield airflow


def running(tmp_path, platform: Platform) -> FakeRunning:
    """The sandbox."""
    return FakeRunning(tmp_path, {"stripe": {"url": platform.url}, "airflow": {}}, lambda _: None, platform)


def test_the_limit_is_tightened_before_the_run_starts(tmp_path, platform):
    """In test mode, to less than a request a second."""
    stripe_429.cause(running(tmp_path, platform))
    [(steer, limit), _unpause, (trigger, _)] = platform.told
    assert (steer, limit) == ("/control/limits", {"mode": "test", "per_second": 0.1})
    assert trigger == "POST /api/v2/dags/ecommerce_daily/dagRuns"


def test_mending_lifts_the_limit_and_resets_the_settings(tmp_path, platform):
    """A remedy may have changed them meanwhile."""
    stripe_429.mend(running(tmp_path, platform))
    assert platform.told == [
        ("/control/limits", {"mode": "test", "per_second": None}),
        ("PATCH /api/v2/variables/stripe_batch_size", {"key": "stripe_batch_size", "value": "100"}),
        ("PATCH /api/v2/variables/stripe_requests_per_second", {"key": "stripe_requests_per_second", "value": "20"}),
    ]


def test_a_refusal_of_the_stand_in_is_told(tmp_path, platform):
    """And no run is launched into a limit that does not hold."""
    platform.status = 400
    with pytest.raises(SandboxError, match="refused"):
        stripe_429.cause(running(tmp_path, platform))
    assert len(platform.told) == 1
