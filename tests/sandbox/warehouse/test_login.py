"""Who may log in, as what, and how a session ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox


def test_default_role_and_warehouse(any_connect: Callable[..., Any]) -> None:
    """A key pair opens a session with the user's own role and warehouse."""
    found = any_connect("SVC_LOADER").ask("SELECT CURRENT_ROLE(), CURRENT_WAREHOUSE(), CURRENT_DATABASE()")
    assert found.rows == [("ECOMMERCE_LOADER", "LOADING_WH", "ECOMMERCE_RAW")]


@pytest.mark.parametrize("user", ["SVC_LOADER", "NOBODY"])
def test_wrong_key(server: Any, any_connect: Callable[..., Any], refused: Any, user: str) -> None:
    """A key that is not the user's, or a user that does not exist, is an invalid JWT."""
    key = str(server.folder / "keys" / "SVC_RUNBOOK.pem")
    with pytest.raises(refused) as caught:
        any_connect(user, private_key_file=key)
    assert caught.value.errno == 390144
    assert "JWT token is invalid" in caught.value.message


def test_password(server: Any, refused: Any) -> None:
    """No password is ever right."""
    with pytest.raises(refused, match="Incorrect username or password"):
        server.connect("SVC_LOADER", authenticator="snowflake", private_key_file=None, password="guess")


@pytest.mark.parametrize("role", ["ACCOUNTADMIN", "NO_SUCH_ROLE"])
def test_role_not_granted(any_connect: Callable[..., Any], refused: Any, role: str) -> None:
    """A session cannot begin with a role the user was not granted."""
    with pytest.raises(refused) as caught:
        any_connect("SVC_RUNBOOK", role=role)
    assert (caught.value.errno, f"Role '{role}'" in caught.value.message) == (390189, True)


def test_use_role(server: Any, refused: Any) -> None:
    """USE ROLE takes roles of the user only, and says so."""
    client = server.connect("SVC_RUNBOOK")
    client.ask("USE ROLE RUNBOOK_CHANGE")
    assert client.ask("SELECT CURRENT_ROLE()").one() == "RUNBOOK_CHANGE"
    with pytest.raises(refused, match="Requested role 'SYSADMIN' is not assigned") as caught:
        client.ask("USE ROLE SYSADMIN")
    assert (caught.value.errno, caught.value.sqlstate) == (3013, "42501")


def test_warehouse_without_usage(server: Any, refused: Any) -> None:
    """A warehouse the role may not use is not the session's, and nothing computes."""
    client = server.connect("SVC_RUNBOOK", warehouse="TRANSFORM_WH")
    assert client.ask("SELECT CURRENT_WAREHOUSE()").one() is None
    with pytest.raises(refused, match="No active warehouse selected"):
        client.ask("SELECT COUNT(*) FROM ECOMMERCE_RAW.POSTGRES.RAW_ORDERS")


def test_token_renewal(any_connect: Callable[..., Any], server: Any) -> None:
    """An expired session token is renewed by the client without anybody noticing."""
    client = any_connect("SVC_RUNBOOK")
    before = client.ask("SELECT CURRENT_SESSION()").one()
    server.control("faults", {"expire_tokens": True})
    assert client.ask("SELECT CURRENT_SESSION()").one() == before


def test_log_out(server: Any) -> None:
    """Closing the connection ends the session at the server."""
    client = server.connect("SVC_RUNBOOK")
    assert len(server.control("state")["sessions"]) == 1
    server.clients.remove(client)
    client.close()
    assert server.control("state")["sessions"] == []


def test_refused_by_fault(server: Any, refused: Any) -> None:
    """A fault refuses one user's log-in with its text, until it is cleared."""
    server.control("faults", {"refuse": "User access disabled.", "user": "svc_runbook"})
    with pytest.raises(refused, match="User access disabled"):
        server.connect("SVC_RUNBOOK")
    server.connect("SVC_LOADER")
    server.control("faults", {"clear": True})
    server.connect("SVC_RUNBOOK")


def test_query_tag_and_time_of_session(any_connect: Callable[..., Any]) -> None:
    """Session parameters given at login, and changed later, mark the statements in history."""
    client = any_connect("SVC_RUNBOOK", session_parameters={"QUERY_TAG": "incident-7"})
    client.ask("SELECT 1")
    client.ask("ALTER SESSION SET QUERY_TAG = 'incident-8'")
    client.ask("SELECT 2")
    client.ask("ALTER SESSION UNSET QUERY_TAG")
    found = client.ask(
        "SELECT QUERY_TEXT, QUERY_TAG FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION()) "
        "WHERE QUERY_TEXT LIKE 'SELECT _' ORDER BY START_TIME"
    )
    assert found.rows == [("SELECT 1", "incident-7"), ("SELECT 2", "incident-8")]
