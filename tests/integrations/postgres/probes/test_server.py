"""Does the server answer, how fast, and how busy is it?"""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import Unreachable
from bot.integrations.postgres.probes.server import (
    IDENTITY,
    ServerArguments,
    load_from,
    read_connectivity,
)
from tests.integrations.postgres.builders import postgres

COUNTS = {"connections": 0, "active": 0, "idle_in_transaction": 0, "waiting": 0, "max_connections": 10, "reserved": 3}


def test_the_server_says_which_it_is(scope: Scope) -> None:
    """Asked twice: the first answer may have cost a connection, the second is one round trip."""
    client = postgres({IDENTITY: [{"database": "shop", "version": "16.4", "in_recovery": True}]})
    found = read_connectivity(client, ServerArguments(), scope)
    assert client.statements == [IDENTITY, IDENTITY]
    assert (found.host, found.port, found.database, found.version) == ("db.example.com", 5432, "shop", "16.4")
    assert found.in_recovery
    assert min(found.latency_ms, found.connect_ms) >= 0


def test_a_server_that_is_down_is_no_fact(scope: Scope) -> None:
    """Its error goes up as it is."""
    client = postgres({IDENTITY: Unreachable("postgres", "connection refused by db:5432")})
    with pytest.raises(Unreachable, match="connection refused"):
        read_connectivity(client, ServerArguments(), scope)


@pytest.mark.parametrize(
    ("connections", "most", "reserved", "percent"),
    [(7, 10, 3, 100.0), (8, 10, 3, 114.3), (1, 3, 3, 100.0), (1, 2, 3, 100.0), (0, 10, 3, 0.0)],
)
def test_the_share_is_of_what_ordinary_roles_can_have(
    connections: int, most: int, reserved: int, percent: float
) -> None:
    """A server that keeps everything back is not divided by nothing."""
    counts = {**COUNTS, "connections": connections, "max_connections": most, "reserved": reserved}
    assert load_from([counts], [], []).percent == percent


def test_a_statement_that_the_role_may_not_see_has_no_words() -> None:
    """NULL everywhere is "", and a secret in what is seen is hidden."""
    unseen: dict[str, Any] = {
        "pid": 7,
        "usename": None,
        "application_name": None,
        "query": None,
        "running_s": None,
    }
    found = load_from([COUNTS], [unseen], [])
    assert (found.longest_pid, found.longest_user, found.longest_query, found.longest_s) == (7, "", "", 0.0)
    told = load_from([COUNTS], [{**unseen, "query": "ALTER USER x PASSWORD 's3cr3t'"}], [])
    assert told.longest_query == "ALTER USER x PASSWORD '•••'"
