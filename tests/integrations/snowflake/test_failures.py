"""The connector's errors, of both major versions, become the bot's own by their numbers."""

import pytest
from snowflake.connector.errors import DatabaseError, Error, OperationalError, ProgrammingError

from bot.errors import AccessDenied, IntegrationError, NotFound, Unreachable
from bot.integrations.snowflake.failures import has_session_ended, translate

# Numbers and texts as connectors 4.8.1 and 5.2.0 gave them against the stand-in; 4.8's 250001 stands for two things.
SEEN = [
    (OperationalError("Failed to login: login timed out after 3s", 14, "HYT00"), Unreachable),
    (OperationalError("Could not connect to Snowflake backend after 2 attempt(s).", 250001), Unreachable),
    (DatabaseError("Failed to connect to DB: x:443. Incorrect username or password", 250001), AccessDenied),
    (DatabaseError("Failed to login: Login error: JWT token is invalid. [x]", 390144, "28000"), AccessDenied),
    (DatabaseError("Role 'R' specified in the connect string does not exist", 390189, "08001"), AccessDenied),
    (ProgrammingError("SQL execution canceled", 604, "57014"), Unreachable),
    (ProgrammingError("SQL access control error:\nInsufficient privileges", 3001, "42501"), AccessDenied),
    (ProgrammingError("SQL compilation error:\nObject 'X' does not exist", 2003, "42S02"), NotFound),
    (ProgrammingError("Warehouse 'X' cannot be resumed", 90073, "22000"), IntegrationError),
    (ProgrammingError("nobody knows"), IntegrationError),
]
JWT = "JWT token is invalid. [x]"
SENTENCES = [
    (f"Failed to login: Login error: {JWT}, code: 390144", JWT),
    (f"Failed to connect to DB: 127.0.0.1:25443. {JWT}", JWT),
    ("01b2c3d4-0000-1111-0000-222233334444: Numeric value\n'x' (request_id=a, sfqid=b)", "Numeric value 'x'"),
    ("Cannot perform SELECT. password=s3cr3t", "Cannot perform SELECT. password=•••"),
]


@pytest.mark.parametrize(("error", "expected"), SEEN)
def test_a_number_decides(error: Error, expected: type[IntegrationError]) -> None:
    """The kind of error follows from errno and sqlstate; only 250001 needs a look at the words."""
    assert type(translate(error, "shop", 5)) is expected


@pytest.mark.parametrize(("text", "reason"), SENTENCES)
def test_the_sentence_is_the_servers(text: str, reason: str) -> None:
    """Numbers, ids and the connector's preamble are cut off, secrets hidden."""
    assert translate(DatabaseError(text, 1, "22000"), "shop", 5).reason == reason


def test_a_missing_database_names_the_setting() -> None:
    """What to do, instead of Snowflake's advice to call USE."""
    error = ProgrammingError("Cannot perform SELECT. This session does not have a current database.", 90105, "22000")
    assert "set SNOWFLAKE_DATABASE" in translate(error, "shop", 5).reason


def test_an_ended_session_is_told_from_a_refused_login() -> None:
    """Only for the first is a new login tried."""
    assert has_session_ended(ProgrammingError("User must login again to access the service.", 390104, "08001"))
    assert not has_session_ended(DatabaseError("Incorrect username or password was specified.", 390100, "08001"))
