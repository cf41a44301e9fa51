"""The client against a server of a few lines: tokens are renewed, failures named, deadlines kept, secrets hidden."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, NotFound, SettingsError, Unreachable
from bot.integrations.airflow import connect_change, connect_read
from bot.integrations.airflow.client import AirflowClient
from bot.integrations.airflow.failures import refused
from bot.integrations.airflow.settings import Settings
from tests.integrations.http_server import JsonHandler, serving
from tests.stopwatch import quickest


@dataclass
class Server:
    """Answers with a DAG to whoever carries one of `tokens`; every login gives the next token."""

    url: str = ""
    tokens: set[str] = field(default_factory=set)
    logins: int = 0
    refuse_with: tuple[int, str] = (401, "Token Expired")
    answer_with: tuple[int, object] = (200, {"dag_id": "d"})

    def log_in(self, body: dict[str, str]) -> tuple[int, object]:
        if body["password"] != "right":
            return 401, {"detail": "Invalid credentials"}
        self.logins += 1
        self.tokens = {f"token-{self.logins}"}
        return 201, {"access_token": f"token-{self.logins}"}

    def get(self, token: str) -> tuple[int, object]:
        status, detail = self.refuse_with
        return self.answer_with if token in self.tokens else (status, {"detail": detail})


@pytest.fixture
def server() -> Iterator[Server]:
    """A running Server."""
    served = Server()

    class Handler(JsonHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
            self.reply(*served.log_in(self.body()))

        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            self.reply(*served.get(self.headers.get("Authorization", "").removeprefix("Bearer ")))

    with serving(Handler) as served.url:
        yield served


@pytest.fixture
def client(server: Server) -> Iterator[AirflowClient]:
    """A client that logs in with the right password."""
    with closing(AirflowClient(Settings(server.url, "runbook", "right"))) as made:
        yield made


def ask(client: AirflowClient, scope: Scope) -> str:
    """One call that needs a login."""
    with client.calling(scope) as calls:
        return str(calls.get("DAGApi", "get_dag", dag_id="d")["dag_id"])


def test_one_login_serves_many_calls(client: AirflowClient, server: Server, scope: Scope) -> None:
    """The token is kept."""
    assert [ask(client, scope) for _ in range(3)] == ["d"] * 3
    assert server.logins == 1


@pytest.mark.parametrize("refuse_with", [(401, "Token Expired"), (403, "Invalid JWT token")])
def test_an_ended_token_is_renewed(
    client: AirflowClient, server: Server, scope: Scope, refuse_with: tuple[int, str]
) -> None:
    """Expired, or signed with the key of before a restart: the next call logs in again by itself."""
    assert ask(client, scope)
    server.tokens, server.refuse_with = set(), refuse_with
    assert ask(client, scope) == "d"
    assert server.logins == 2


def test_many_threads_renew_once(client: AirflowClient, server: Server, scope: Scope) -> None:
    """Those that were refused the same token share one new login."""
    assert ask(client, scope)
    server.tokens = set()
    threads = [threading.Thread(target=ask, args=(client, scope)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert server.logins == 2


def test_a_wrong_password_is_denied(server: Server, scope: Scope) -> None:
    """Airflow's own words."""
    with (
        closing(AirflowClient(Settings(server.url, "runbook", "wrong"))) as client,
        pytest.raises(AccessDenied, match=r"^airflow: the login was refused: Invalid credentials$"),
    ):
        ask(client, scope)


@pytest.mark.parametrize("body", [{}, {"access_token": None}, []])
def test_a_login_without_a_token_is_told(server: Server, scope: Scope, body: object) -> None:
    """Something else stands at that address, and says 201 to whatever it is sent."""
    server.log_in = lambda _: (201, body)  # type: ignore[assignment,method-assign]
    with (
        closing(AirflowClient(Settings(server.url, "runbook", "right"))) as client,
        pytest.raises(IntegrationError, match="the login gave no token: AIRFLOW_URL leads to something else"),
    ):
        ask(client, scope)


def test_a_given_token_is_used_and_not_renewed(server: Server, scope: Scope) -> None:
    """Without a password there is no other token to be had."""
    server.tokens = {"mine"}
    with closing(AirflowClient(Settings(server.url, token="mine"))) as client:
        assert ask(client, scope) == "d"
        server.tokens = set()
        with pytest.raises(AccessDenied, match="Token Expired"):
            ask(client, scope)
    assert server.logins == 0


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (404, {"detail": "The Dag was not found"}, NotFound, "airflow: The Dag was not found"),
        (403, {"detail": "Forbidden"}, AccessDenied, "airflow: the bot may not do that: Forbidden"),
        (503, "no healthy upstream", Unreachable, "airflow: answered 503: no healthy upstream"),
        (500, {"detail": {"reason": "dsn postgres://u:s3cr3t@db/x"}}, IntegrationError, "postgres://u:•••@db/x"),
        (422, {"detail": [{"msg": "Input should be a valid date"}]}, IntegrationError, "answered 422"),
    ],
)
def test_an_answer_that_is_no_success(
    client: AirflowClient, server: Server, scope: Scope, status: int, body: object, error: type[Exception], words: str
) -> None:
    """Each status has its kind of error, with Airflow's detail and without secrets."""
    server.answer_with = (status, body)
    with pytest.raises(error) as caught:
        ask(client, scope)
    assert type(caught.value) is error
    assert words in str(caught.value)


def test_a_body_that_is_no_json_is_shown_as_it_is() -> None:
    """A proxy's page, cut short."""
    assert refused(502, b"<html>Bad Gateway</html>" + b"x" * 9000).reason.startswith("answered 502: <html>Bad Gateway")


def test_a_refused_connection_names_the_address(closed_port: int, scope: Scope) -> None:
    """Nobody listens there."""
    with (
        closing(AirflowClient(Settings(f"http://127.0.0.1:{closed_port}", "runbook", "right"))) as client,
        pytest.raises(Unreachable, match=f"^airflow: connection refused by 127.0.0.1:{closed_port}$"),
    ):
        ask(client, scope)


def test_a_silent_server_costs_the_deadline(silent_port: int, scope: Scope) -> None:
    """Once: urllib3 would try a GET four times, each with the whole timeout."""
    import airflow_client.client  # noqa: F401 - what loading it takes is not measured here

    def give_up() -> None:
        client = AirflowClient(Settings(f"http://127.0.0.1:{silent_port}", token="t"))
        with closing(client), pytest.raises(Unreachable, match=r"did not answer within 0\.4 s"):
            ask(client, replace(scope, deadline_s=0.4))

    assert quickest(give_up, 1.2) < 1.2


def test_an_unknown_host_is_named(scope: Scope) -> None:
    """A name that cannot be resolved."""
    with (
        closing(AirflowClient(Settings("http://nowhere.invalid:8080", token="t"))) as client,
        pytest.raises(Unreachable, match=r"the host of nowhere\.invalid:8080 is not known"),
    ):
        ask(client, scope)


def test_a_reading_client_never_changes(client: AirflowClient, server: Server, scope: Scope) -> None:
    """Refused before anything is sent."""
    with client.calling(scope) as calls, pytest.raises(IntegrationError, match="for reading only"):
        calls.change("DAGApi", "patch_dag", dag_id="d")
    assert server.logins == 0


@pytest.mark.parametrize("connect", [connect_read, connect_change])
def test_no_settings_is_no_client(connect: Callable[[dict[str, str]], object]) -> None:
    """Absent is not broken."""
    assert connect({}) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"AIRFLOW_URL": "http://a"}, r"AIRFLOW_USERNAME and AIRFLOW_PASSWORD \(or AIRFLOW_TOKEN\) is missing"),
        ({"AIRFLOW_USERNAME": "u", "AIRFLOW_PASSWORD": "s3cr3t"}, "AIRFLOW_URL is missing"),
        ({"AIRFLOW_URL": "airflow.example.com", "AIRFLOW_TOKEN": "s3cr3t"}, "AIRFLOW_URL should look like"),
    ],
)
def test_half_settings_name_what_is_missing(given: dict[str, str], words: str) -> None:
    """The message says which setting, and never the password."""
    with pytest.raises(SettingsError, match=words) as caught:
        connect_read(given)
    assert "s3cr3t" not in str(caught.value)


def test_the_address_may_name_the_api() -> None:
    """People copy it from their browser or from the documentation."""
    client = connect_read({"AIRFLOW_URL": "https://airflow.example.com/x/api/v2/", "AIRFLOW_TOKEN": "t"})
    assert client is not None
    assert client.url == "https://airflow.example.com/x"
