"""The client against a server of a few lines: late, refused, redirected; settings that are no address."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import SettingsError, Unreachable
from bot.integrations.streamlit import connect_change, connect_read
from bot.integrations.streamlit.client import MOST_BYTES
from bot.integrations.streamlit.probes.health import HEALTH, Health, HealthArguments
from tests.stopwatch import quickest


@pytest.fixture
def served() -> Iterator[str]:
    """A server: well, with a redirect for a note and a page that never ends at /long."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/_stcore/health":
                self.reply(200, b"ok")
            elif self.path == "/long":
                self.reply(200, b"x" * (4 * MOST_BYTES))
            else:
                self.reply(302, b"")

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def read(url: str, scope: Scope) -> Health:
    """The facts of the dashboard at `url`."""
    client = connect_read({"STREAMLIT_URL": url})
    assert client is not None
    with closing(client):
        return HEALTH.read(client, HealthArguments(), scope)


def test_a_server_that_runs_is_well_and_redirects_are_not_followed(served: str, scope: Scope) -> None:
    """The health check counts; a note that leads elsewhere is none, and the bot goes nowhere else."""
    seen = read(f"{served}/", scope)
    assert (seen.is_healthy, seen.status, seen.tells_last_read) == (True, 200, False)
    assert 0 < seen.latency_ms < 60_000
    assert seen.url == served


def test_nobody_there_is_a_finding(closed_port: int, scope: Scope) -> None:
    """A dashboard that is down is what the probe is for: facts, not an error."""
    seen = read(f"http://127.0.0.1:{closed_port}", scope)
    assert (seen.is_healthy, seen.problem) == (False, f"connection refused by 127.0.0.1:{closed_port}")


def test_a_silent_server_is_given_up_in_time(silent_port: int, scope: Scope) -> None:
    """The deadline holds, and the finding says how long the bot waited."""
    url, hurried = f"http://127.0.0.1:{silent_port}", replace(scope, deadline_s=0.5)
    seen = read(url, hurried)
    assert (seen.is_healthy, seen.problem) == (False, f"127.0.0.1:{silent_port} did not answer within 0.5 s")
    assert quickest(lambda: read(url, hurried), 2) < 2


def test_a_server_that_drips_is_given_up_in_time(scope: Scope) -> None:
    """A byte now and then never lets a socket's own timeout run out."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def drip() -> None:
            with listener.accept()[0] as connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.02)

        dripping = threading.Thread(target=drip)
        dripping.start()
        seen = read(f"http://127.0.0.1:{port}", replace(scope, deadline_s=0.2))
        dripping.join()
    assert (seen.is_healthy, seen.problem) == (False, f"127.0.0.1:{port} did not answer within 0.2 s")


def test_the_call_after_one_that_was_given_up_gets_a_connection_of_its_own() -> None:
    """The old one still holds half an answer, and would be told as broken."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = connect_read({"STREAMLIT_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"})
        assert client is not None

        listener.settimeout(5.0)  # a call that never comes fails the test, and does not hang it

        def drip_then_answer() -> None:
            dripping = listener.accept()[0]
            with dripping, suppress(OSError):
                dripping.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(6):
                    dripping.sendall(b"x")
                    time.sleep(0.05)
            with suppress(TimeoutError), listener.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        server = threading.Thread(target=drip_then_answer)
        server.start()
        with closing(client):
            assert client.get("/", 0.15).problem
            assert client.get("/", 5.0).body == b"ok"
        server.join()


def test_an_address_to_which_no_way_leads_did_not_refuse(scope: Scope) -> None:
    """Somebody would look for the server, and it is the network."""
    seen = read("http://255.255.255.255:8501", scope)
    assert (seen.is_healthy, seen.problem) == (False, "255.255.255.255:8501 cannot be reached")


def test_a_host_that_nobody_knows_is_our_mistake(scope: Scope) -> None:
    """A mistyped setting is no finding about the dashboard."""
    with pytest.raises(Unreachable, match="is not known"):
        read("http://no-such-host.invalid", scope)


def test_a_certificate_that_nobody_trusts_is_our_mistake(served: str, scope: Scope) -> None:
    """Nor is a server that speaks no TLS the dashboard's finding: the address is wrong."""
    address = served.removeprefix("http://")
    with pytest.raises(Unreachable, match=f"^streamlit: no trusted TLS connection to {address}$"):
        read(f"https://{address}", scope)


def test_a_server_that_hangs_up_is_a_finding(scope: Scope) -> None:
    """It took the question and gave no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def hang_up() -> None:
            listener.accept()[0].close()

        hanging = threading.Thread(target=hang_up)
        hanging.start()
        seen = read(f"http://127.0.0.1:{port}", scope)
        hanging.join()
    assert (seen.is_healthy, seen.problem) == (False, f"the connection to 127.0.0.1:{port} broke")


def test_only_the_beginning_of_a_body_is_read(served: str) -> None:
    """Whatever a server sends, the bot keeps a bounded part."""
    client = connect_read({"STREAMLIT_URL": served})
    assert client is not None
    with closing(client):
        assert len(client.get("/long", 60.0).body) == MOST_BYTES


@pytest.mark.parametrize("url", ["dashboard.example.com", "ftp://x", "http://", "https://kim:s3cret@dash.example.com"])
def test_what_is_no_address_is_refused(url: str) -> None:
    """Named by its setting; a password never is repeated."""
    with pytest.raises(SettingsError, match="STREAMLIT_URL should") as caught:
        connect_read({"STREAMLIT_URL": url})
    assert "s3cret" not in str(caught.value)


def test_without_settings_it_is_absent() -> None:
    """And it never can be changed."""
    assert connect_read({}) is None
    assert connect_change({"STREAMLIT_URL": "https://dash.example.com"}) is None
