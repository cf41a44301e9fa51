"""Stripe's own client against a small HTTP server: what is asked, and what each answer becomes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, IntegrationError, SettingsError, Unreachable
from bot.integrations.stripe import INTEGRATION, connect_change, connect_read
from bot.integrations.stripe.client import StripeReader
from bot.integrations.stripe.probes.status import Status
from tests.integrations.http_server import JsonHandler, serving

KEY = "rk_test_sandbox0123456789"
BALANCE = {"object": "balance", "livemode": False, "available": [], "pending": []}


@dataclass
class Server:
    """Answers every GET with `status`, `headers` and `body`; `asked` are the paths, `keys` the keys it was shown."""

    url: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: object = field(default_factory=lambda: BALANCE)
    asked: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


@pytest.fixture
def server() -> Iterator[Server]:
    """A running Server."""
    served = Server()

    class Handler(JsonHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            served.asked.append(self.path)
            served.keys.add(self.headers["Authorization"].removeprefix("Bearer "))
            self.reply(served.status, served.body, served.headers)

    with serving(Handler) as served.url:
        yield served


def reader(url: str) -> StripeReader:
    """A client for that address."""
    made = connect_read({"STRIPE_API_KEY": KEY, "STRIPE_API_BASE": url})
    assert made is not None
    return made


def look(url: str, scope: Scope) -> Status:
    """The facts of stripe.status, now."""
    [probe] = INTEGRATION.probes
    with closing(reader(url)) as client:
        found: Status = probe.read(client, probe.arguments(), scope)
    return found


def test_one_cheap_read_with_the_key(server: Server, scope: Scope) -> None:
    """The balance is asked for once; mode and kind come from the key's prefix, the rest of it goes nowhere else."""
    server.headers = {"Request-Id": "req_1"}
    found = look(server.url, scope)
    assert (found.mode, found.key_kind, found.is_limited, found.request_id) == ("test", "restricted", False, "req_1")
    assert found.latency_ms > 0
    assert (server.asked, server.keys) == (["/v1/balance"], {KEY})
    assert KEY not in repr(found)


def test_a_429_is_a_finding_and_is_not_retried(server: Server, scope: Scope) -> None:
    """Stripe's client would try again when the answer asks for it: the probe wants to see the first answer."""
    server.status = 429
    server.headers = {"Stripe-Rate-Limited-Reason": "global-rate", "Retry-After": "1", "Stripe-Should-Retry": "true"}
    server.body = {
        "error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Request rate limit exceeded."}
    }
    found = look(server.url, scope)
    assert (found.is_limited, found.code, found.reason, found.retry_after_s) == (True, "rate_limit", "global-rate", 1.0)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [(401, AccessDenied, "Invalid API Key"), (403, AccessDenied, "not have"), (500, IntegrationError, "answered 500")],
)
def test_another_answer_is_an_error_in_stripes_words(
    server: Server, scope: Scope, status: int, error: type[Exception], words: str
) -> None:
    """Each with its kind, and never with the key."""
    server.status = status
    message = {401: f"Invalid API Key provided: {KEY}", 403: "The key does not have the right"}.get(status, "oops")
    server.body = {"error": {"type": "invalid_request_error", "message": message}}
    with pytest.raises(error, match=words) as caught:
        look(server.url, scope)
    assert KEY not in str(caught.value)


def test_nobody_listens(closed_port: int, scope: Scope) -> None:
    """The address is named."""
    with pytest.raises(Unreachable, match=f"connection refused by 127.0.0.1:{closed_port}"):
        look(f"http://127.0.0.1:{closed_port}", scope)


def test_a_silent_server_costs_the_deadline(silent_port: int, scope: Scope) -> None:
    """And no more."""
    with pytest.raises(Unreachable, match=r"did not answer within 0\.3 s"):
        look(f"http://127.0.0.1:{silent_port}", replace(scope, deadline_s=0.3))


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, "<html>Sign in</html>", "stripe: something answered that is not Stripe"),
        (429, {"error": "no"}, "stripe: something answered that is not Stripe"),
        (
            400,
            {"error": {"type": "invalid_request_error", "message": "No such  thing\n" + "x" * 900}},
            "No such thing xxx",
        ),
        (502, {"error": {"type": "api_error"}}, "stripe: answered 502: "),
    ],
)
def test_whatever_else_comes_is_told_in_one_short_line(
    server: Server, scope: Scope, status: int, body: object, words: str
) -> None:
    """A proxy's page, an error without words, one with too many."""
    server.status, server.body = status, body
    with pytest.raises(IntegrationError) as caught:
        look(server.url, scope)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("body", ["", {}, []])
def test_a_429_without_a_reason_is_a_limit_all_the_same(server: Server, scope: Scope, body: object) -> None:
    """A proxy in front of Stripe limits too, in words of its own."""
    server.status, server.body = 429, body
    found = look(server.url, scope)
    assert (found.is_limited, found.code, found.retry_after_s) == (True, "", None)


def test_a_host_that_nobody_knows_is_named(scope: Scope) -> None:
    """With its port, without the key."""
    with pytest.raises(Unreachable, match=r"^stripe: the host of no-such-host\.invalid:443 is not known$"):
        look("https://no-such-host.invalid", scope)


def test_a_connection_that_is_closed_is_opened_again(server: Server, scope: Scope) -> None:
    """Closing twice does no harm."""
    client = reader(server.url)
    for _ in range(2):
        assert client.read_balance(scope).status == 200
        client.close()
    client.close()


@pytest.mark.parametrize("connect", [connect_read, connect_change])
def test_no_settings_is_no_client(connect: Callable[[dict[str, str]], Any]) -> None:
    """Absent is not broken."""
    assert connect({}) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"STRIPE_API_BASE": "http://a"}, "STRIPE_API_KEY is missing"),
        ({"STRIPE_API_KEY": "pk_live_s3cr3t"}, "should begin with rk_live_"),
        ({"STRIPE_API_KEY": "sk_live_s3cr3t", "STRIPE_API_BASE": "api.stripe.com"}, "should look like https://"),
    ],
)
def test_wrong_settings_name_what_is_wrong(given: dict[str, str], words: str) -> None:
    """The message says which setting, and never the key."""
    with pytest.raises(SettingsError, match=words) as caught:
        connect_read(given)
    assert "s3cr3t" not in str(caught.value)
