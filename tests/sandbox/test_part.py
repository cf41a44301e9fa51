"""Where a part lives, and whether it is healthy, asked of a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.sandbox.part import Context, HttpHealth


@pytest.fixture
def url() -> Iterator[str]:
    """A server that answers the status named in its path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path.strip("/")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (204, False), (404, False), (503, False)])
def test_only_200_is_healthy(url: str, status: int, healthy: bool) -> None:
    """Anything else is said with its status."""
    problem = HttpHealth(f"{url}/{status}").problem()
    assert problem == (None if healthy else f"{url}/{status} answered {status}")


def test_nobody_there_is_a_problem_with_words() -> None:
    """A part that does not listen yet is told by its URL and the system's reason."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    problem = HttpHealth(f"http://127.0.0.1:{port}/healthz").problem()
    assert problem is not None
    assert problem.startswith(f"http://127.0.0.1:{port}/healthz: ")
    assert "refused" in problem


def test_a_context_knows_every_place(tmp_path: Path) -> None:
    """Folders, logs, keys and interpreters of one state."""
    context = Context(tmp_path, Path("/r"), Path("/e"), {"slack": 81})
    assert (context.port("slack"), context.url("slack")) == (81, "http://127.0.0.1:81")
    assert context.folder("slack") == tmp_path / "slack"
    assert context.log("slack") == tmp_path / "logs" / "slack.log"
    assert (context.keys(), context.python("slack")) == (tmp_path / "keys", Path("/e/slack/bin/python"))
