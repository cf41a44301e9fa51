"""psycopg2's errors become the bot's own: by their SQLSTATE, or, where the driver gives none, by the server's words."""

import psycopg2
import pytest

from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable
from bot.integrations.postgres.failures import translate

LIBPQ = 'connection to server at "db" (10.0.0.7), port 5432 failed: '


def error_of(text: str, code: str | None = None) -> psycopg2.Error:
    """As the driver raises it: `pgcode` can only be set the way that unpickling does it."""
    error = psycopg2.Error(text)
    error.__setstate__({"pgcode": code})  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("28P01", AccessDenied),  # invalid_password
        ("28000", AccessDenied),  # invalid_authorization_specification
        ("42501", AccessDenied),  # insufficient_privilege
        ("3D000", NotFound),  # no such database
        ("42P01", NotFound),  # no such table
        ("42703", NotFound),  # no such column
        ("42883", NotFound),  # no such function
        ("57P01", Unreachable),  # admin_shutdown
        ("57P03", Unreachable),  # starting up
        ("53300", Unreachable),  # too_many_connections
        ("08006", Unreachable),  # connection_failure
        ("25006", IntegrationError),  # read_only_sql_transaction
        ("42601", IntegrationError),  # syntax_error
        ("XX000", IntegrationError),  # internal_error
    ],
)
def test_a_code_decides(code: str, kind: type[IntegrationError]) -> None:
    """Whatever the words are, which lc_messages may have in any language."""
    found = translate(error_of("ERROR:  bind permission denied does not exist", code), "db:5432", 5)
    assert type(found) is kind
    assert found.reason == "bind permission denied does not exist"


def test_a_statement_that_took_too_long_says_how_long_it_had() -> None:
    """57014 stands for the timeout and for a person's cancel alike: the server's words tell which."""
    error = error_of("ERROR:  canceling statement due to statement timeout\n", "57014")
    expected = "postgres: cancelled the statement after 2.5 s: canceling statement due to statement timeout"
    assert str(translate(error, "db:5432", 2.5)) == expected


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (
            f'{LIBPQ}FATAL:  password authentication failed for user "reader"\n',
            AccessDenied,
            'password authentication failed for user "reader"',
        ),
        (
            f'{LIBPQ}FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "reader"',
            AccessDenied,
            'no pg_hba.conf entry for host "10.0.0.9", user "reader"',
        ),
        (f"{LIBPQ}fe_sendauth: no password supplied", AccessDenied, "fe_sendauth: no password supplied"),
        (
            f'{LIBPQ}FATAL:  role "reader" is not permitted to log in',
            AccessDenied,
            'role "reader" is not permitted to log in',
        ),
        (f'{LIBPQ}FATAL:  database "shop" does not exist', NotFound, 'database "shop" does not exist'),
        (
            f"{LIBPQ}Connection refused\n\tIs the server running on that host?",
            Unreachable,
            "connection refused by db:5432",
        ),
        (
            'could not translate host name "db" to address: Name or service not known',
            Unreachable,
            "the host of db:5432 is not known",
        ),
        (
            f"{LIBPQ}FATAL:  sorry, too many clients already",
            Unreachable,
            "sorry, too many clients already",
        ),
        ("", Unreachable, "the connection to db:5432 broke"),
        ("\n  \n", Unreachable, "the connection to db:5432 broke"),
        ("SSL SYSCALL error: EOF detected", Unreachable, "SSL SYSCALL error: EOF detected"),
    ],
)
def test_without_a_code_the_servers_own_sentence_decides(text: str, kind: type[IntegrationError], reason: str) -> None:
    """A refused login has no SQLSTATE in psycopg2; the preamble of libpq and the hints below are left out."""
    found = translate(error_of(text), "db:5432", 5)
    assert (type(found), found.reason) == (kind, reason)


def test_a_password_that_the_server_repeats_is_hidden_and_the_rest_is_short() -> None:
    """A DSN in a message is a message in a channel."""
    found = translate(error_of("ERROR:  dsn postgresql://u:s3cr3t@db/x " + "y" * 900, "XX000"), "db:5432", 5)
    assert found.reason.startswith("dsn postgresql://u:•••@db/x y")
    assert len(found.reason) == 300
