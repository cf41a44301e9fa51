"""airflow.set_variable against a small Airflow: what is sent, and what is refused before anything is."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

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
from tests.integrations.http_server import JsonHandler, serving

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

    class Handler(JsonHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            name = self.path.rpartition("/")[2]
            known = name in served.variables
            self.reply(200 if known else 404, {"key": name, "value": served.variables.get(name, "")})

        def do_PATCH(self) -> None:  # noqa: N802 - the name that http.server calls
            body = self.body()
            served.sent.append((self.path, body))
            served.variables[body["key"]] = body["value"]
            self.reply(200, body)

    with serving(Handler) as served.url:
        yield served


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
