"""What went wrong at Airflow: statuses, bodies of every shape, and urllib3's errors become the bot's own."""

import pytest
from urllib3 import HTTPConnectionPool, exceptions
from urllib3.connection import HTTPConnection

from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable
from bot.integrations.airflow.failures import is_token_refused, read_json, refused, unreachable

POOL = HTTPConnectionPool("airflow.example.com", 8080)
WIRE = HTTPConnection("airflow.example.com", 8080)


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (401, b"{}", AccessDenied, "the login was refused: {}"),
        (401, b"", AccessDenied, "the login was refused"),
        (403, b'{"detail": "Invalid JWT token"}', AccessDenied, "the login was refused: Invalid JWT token"),
        (403, b'{"detail": "Forbidden"}', AccessDenied, "the bot may not do that: Forbidden"),
        (404, b"", NotFound, "not found"),
        (404, b'{"detail": {"reason": "x", "message": "y"}}', NotFound, "x"),
        (404, b'{"detail": {"message": "y"}}', NotFound, "y"),
        (500, b'{"detail": [1]}', IntegrationError, "answered 500: [1]"),
        (500, b"[]", IntegrationError, "answered 500: []"),
        (500, b"null", IntegrationError, "answered 500: None"),
        (502, b"<html>\n Bad", Unreachable, "answered 502: <html> Bad"),
        (503, b"", Unreachable, "answered 503: "),
        (504, b"", Unreachable, "answered 504: "),
        (500, b"\xff\xfe", IntegrationError, "answered 500: \ufffd\ufffd"),
        (302, b"", IntegrationError, "answered 302: "),
    ],
)
def test_a_status_has_its_kind_and_the_body_its_sentence(
    status: int, body: bytes, kind: type[IntegrationError], reason: str
) -> None:
    """FastAPI's `detail` where there is one, whatever else a proxy sends."""
    found = refused(status, body)
    assert (type(found), found.reason) == (kind, reason)


def test_a_detail_is_short_and_holds_no_secret() -> None:
    """Airflow repeats connections in its errors."""
    found = refused(500, b'{"detail": "postgresql://u:s3cr3t@db/x ' + b"y" * 1000 + b'"}')
    assert "s3cr3t" not in found.reason
    assert len(found.reason) <= len("answered 500: ") + 300


@pytest.mark.parametrize(
    ("status", "body", "helps"),
    [
        (401, b"", True),
        (403, b"Invalid JWT token", True),
        (403, b"Forbidden", False),
        (500, b"Invalid JWT token", False),
    ],
)
def test_another_login_helps_only_where_the_token_was_refused(status: int, body: bytes, helps: bool) -> None:
    """A missing right stays missing."""
    assert is_token_refused(status, body) is helps


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (exceptions.NameResolutionError("a", WIRE, OSError()), "the host of a:80 is not known"),
        (exceptions.NewConnectionError(WIRE, "[Errno 111] Connection refused"), "connection refused by a:80"),
        (exceptions.NewConnectionError(WIRE, "[Errno 113] No route to host"), "the connection to a:80 broke"),
        (exceptions.ConnectTimeoutError(WIRE, "timed out"), "did not answer within 2.5 s"),
        (exceptions.ReadTimeoutError(POOL, "/", "Read timed out."), "did not answer within 2.5 s"),
        (exceptions.SSLError("certificate verify failed"), "no trusted TLS connection to a:80"),
        (exceptions.ProtocolError("Connection aborted."), "the connection to a:80 broke"),
    ],
)
def test_no_answer_at_all_says_why(error: exceptions.HTTPError, reason: str) -> None:
    """On its own, and as the reason of the error that counts retries."""
    assert unreachable(error, "a:80", 2.5).reason == reason
    wrapped = exceptions.MaxRetryError(POOL, "/", error)
    assert unreachable(wrapped, "a:80", 2.5).reason == reason


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b"{"])
def test_a_page_that_comes_with_200_is_not_airflow(body: bytes) -> None:
    """A login page stands before it, or the address leads elsewhere."""
    with pytest.raises(IntegrationError, match="something answered that is not Airflow: ") as caught:
        read_json(body + b" password=hunter2hunter2 " + b"x" * 500)
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 200
