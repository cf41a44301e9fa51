"""Who holds the connections: which limit is the tightest, and whose end would make room."""

from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.integrations.postgres.probes.connections import (
    HOLDERS,
    IDLE,
    LIMITS,
    READ_IDLE,
    SHOWN_HOLDERS,
    SHOWN_IDLE,
    ConnectionsArguments,
    connections_from,
    read_connections,
)
from tests.integrations.postgres.builders import BEGAN, postgres, session


def limit(kind: str, most: int, used: int, name: str = "", reserved: int = 0) -> dict[str, Any]:
    """A row of LIMITS."""
    return {"kind": kind, "name": name, "connection_limit": most, "reserved": reserved, "used": used}


def idle(pid: int, user: str = "shop_app", **more: Any) -> dict[str, Any]:
    """A row of IDLE."""
    return {**session(pid, usename=user, state="idle"), "idle_s": 90.04, **more}


def holder(application: str | None, user: str | None = "shop_app", client: str | None = None) -> dict[str, Any]:
    """A row of HOLDERS."""
    counts = {"connections": 3, "active": 1, "idle": 2, "idle_in_transaction": 0, "oldest_s": None}
    return {"application_name": application, "usename": user, "client": client, "longest_idle_s": 9.96, **counts}


def test_all_three_lists_are_read_with_their_caps(scope: Scope) -> None:
    """More idle sessions than are shown: the one to end may be further down."""
    client = postgres({LIMITS: [limit("server", 10, 1)], HOLDERS: [], IDLE: []})
    read_connections(client, ConnectionsArguments(), scope)
    assert [one.parameters for one in client.asked] == [(), (SHOWN_HOLDERS,), (READ_IDLE,)]


@pytest.mark.parametrize(
    ("most", "reserved", "used", "free", "percent", "is_full"),
    [
        (100, 3, 96, 1, 99.0, False),
        (100, 3, 97, 0, 100.0, True),
        (100, 3, 99, 0, 102.1, True),  # superusers sit in what is reserved
    ],
)
def test_room_is_what_ordinary_roles_get(
    most: int, reserved: int, used: int, free: int, percent: float, is_full: bool
) -> None:
    """What is reserved for superusers is no room; it never becomes less than none."""
    found = connections_from([limit("server", most, used, reserved=reserved)], [], [])
    assert (found.free, found.percent, found.is_full) == (free, percent, is_full)


@pytest.mark.parametrize(
    ("limits", "suspect"),
    [
        ([limit("server", 50, 9)], 1),  # nothing is full: the one that has been idle longest
        ([limit("server", 50, 9), limit("role", 2, 2, "loader")], 3),  # only the loader's end makes room for it
        ([limit("server", 50, 9), limit("role", 2, 2, "nobody_idle")], None),
        (
            [limit("server", 50, 50), limit("role", 2, 2, "loader")],
            1,
        ),  # the server is full as well: anybody's end helps
        ([limit("server", 50, 9), limit("database", 9, 9, "shop"), limit("role", 2, 2, "loader")], 1),
    ],
)
def test_the_one_to_end_makes_room_where_it_is_missing(limits: list[dict[str, Any]], suspect: int | None) -> None:
    """Ending another role's session would do harm and no good."""
    found = connections_from(limits, [], [idle(1), idle(2), idle(3, "loader")])
    assert (found.suspect.pid if found.suspect else None) == suspect


def test_the_suspect_may_be_below_those_that_are_shown() -> None:
    """Ten are listed; the eleventh is still the only one whose end helps."""
    rows = [*(idle(pid) for pid in range(SHOWN_IDLE)), idle(99, "loader")]
    found = connections_from([limit("server", 50, 20), limit("role", 1, 1, "loader")], [], rows)
    assert len(found.idle) == SHOWN_IDLE
    assert found.suspect is not None
    assert (found.suspect.pid, found.suspect.backend_start, found.suspect.idle_s) == (99, BEGAN, 90.0)


def test_the_tightest_limit_comes_first() -> None:
    """By what is free in it, not by its size."""
    rows = [limit("server", 100, 40), limit("role", 8, 6, "loader"), limit("database", 60, 40, "shop")]
    found = connections_from(rows, [], [])
    assert [(one.kind, one.free) for one in found.limits] == [("role", 2), ("database", 20), ("server", 60)]
    assert found.tightest == found.limits[0]


@pytest.mark.parametrize(
    ("holders", "pooler"),
    [
        ([holder("checkout"), holder("PgBouncer - x")], "PgBouncer - x"),
        ([holder(None, "rds proxy")], "rds proxy"),
        ([holder("checkout", "rdsproxyadmin")], "checkout"),
        ([holder("pool")], ""),
        ([holder(None, None)], ""),
    ],
)
def test_a_pooler_shows_itself_by_its_name(holders: list[dict[str, Any]], pooler: str) -> None:
    """By the application's or the user's; any other pooler cannot be told from an application."""
    assert connections_from([limit("server", 50, 9)], holders, []).pooler == pooler


@pytest.mark.parametrize(("client", "shown"), [("10.0.4.12/32", "10.0.4.12"), ("::1/128", "::1"), (None, "")])
def test_an_address_is_told_without_its_mask(client: str | None, shown: str) -> None:
    """inet as text ends with /32; a local connection has none."""
    found = connections_from([limit("server", 50, 9)], [holder("a", client=client)], [])
    assert found.biggest is not None
    assert (found.biggest.client, found.biggest.oldest_s, found.biggest.longest_idle_s) == (shown, 0.0, 10.0)
