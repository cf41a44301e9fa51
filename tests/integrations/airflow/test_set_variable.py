"""airflow.set_variable against a small Airflow: what is sent, and what is refused before anything is."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import IntegrationError, RemedyRefused
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.remedies.variable import (
    SetVariableArguments,
    VariableState,
    perform_set_variable,
    read_variable_state,
    write_number,
)
from bot.integrations.airflow.settings import Settings
from bot.remediation.remedy import Command

HALVE = Command("set_variable", "PATCH …", {"name": "size", "value": "50", "was": "100"})


@dataclass
class Server:
    """Holds variables; `sent` are the PATCHes with their query."""

    variables: dict[str, str] = field(default_factory=lambda: {"size": "100"})
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[Server]:
    """A running Server."""
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            known = name in served.variables
            self.reply(200 if known else 404, {"key": name, "value": served.variables.get(name, "")})

        def do_PATCH(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.sent.append((self.path, body))
            served.variables[body["key"]] = body["value"]
            self.reply(200, body)

        def reply(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        served.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield served
        http.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[AirflowClient]:
    """A client that may change."""
    with closing(AirflowClient(Settings(server.url, token="t"), may_change=True)) as made:
        yield made


def test_the_value_alone_is_sent_and_only_once(client: AirflowClient, server: Server, scope: Scope) -> None:
    """The mask keeps the description; after a crash the same command finds its work done."""
    assert perform_set_variable(client, HALVE, scope) == "size is 50, it was 100."
    assert perform_set_variable(client, HALVE, scope) == "size is 50 already."
    [(path, body)] = server.sent
    assert path == "/api/v2/variables/size?update_mask=value"
    assert (body["key"], body["value"]) == ("size", "50")


def test_a_value_that_changed_since_the_approval_is_left_alone(
    client: AirflowClient, server: Server, scope: Scope
) -> None:
    """Somebody else acted meanwhile: their value stands."""
    server.variables["size"] = "75"
    with pytest.raises(IntegrationError, match="is not 100 any more"):
        perform_set_variable(client, HALVE, scope)
    assert server.sent == []


def test_an_unknown_command_is_refused(client: AirflowClient, scope: Scope) -> None:
    """Nothing is guessed."""
    with pytest.raises(RemedyRefused, match="no command drop"):
        perform_set_variable(client, Command("drop", "DELETE …", {}), scope)


def test_what_may_be_a_secret_is_not_even_read(client: AirflowClient, scope: Scope) -> None:
    """Its name is enough to refuse."""
    with pytest.raises(RemedyRefused, match="may hold a secret"):
        read_variable_state(client, SetVariableArguments("stripe_api_key", 1), scope)
    assert read_variable_state(client, SetVariableArguments("nothing", 1), scope) == VariableState("nothing")


@pytest.mark.parametrize(("value", "text"), [(50.0, "50"), (50, "50"), (0.5, "0.5"), (12.25, "12.25")])
def test_a_number_is_written_as_people_write_it(value: float, text: str) -> None:
    """Whole numbers without a point."""
    assert write_number(value) == text
