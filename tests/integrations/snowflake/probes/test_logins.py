"""Who could not log in: which history is asked, whose failures count, and who comes first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, NotFound, Unreachable
from bot.integrations.snowflake.probes.logins import (
    LIVE,
    SHOWN,
    YEAR,
    Logins,
    LoginsArguments,
    logins_from,
    read_logins,
)
from tests.integrations.snowflake.builders import snowflake

NOW = datetime(2026, 11, 23, 5, 3, tzinfo=UTC)


def event(minutes_ago: float, success: str = "NO", user: str = "SVC_LOADER", **more: Any) -> dict[str, Any]:
    """A row of the login history."""
    return {
        "event_timestamp": NOW - timedelta(minutes=minutes_ago),
        "user_name": user,
        "client_ip": "10.4.2.17",
        "reported_client_type": "PYTHON_DRIVER",
        "reported_client_version": "4.8.1",
        "first_authentication_factor": "RSA_KEYPAIR",
        "is_success": success,
        "error_code": 390144,
        "error_message": "JWT_TOKEN_INVALID",
        **more,
    }


def test_what_is_seen_live_needs_no_other_history(scope: Scope) -> None:
    """The user's name is bound, in upper case."""
    client = snowflake({LIVE: [event(1)]})
    found = read_logins(client, LoginsArguments(" svc_loader "), scope)
    assert (found.source, found.attempts) == ("live", 1)
    assert client.asked[0].parameters == ("SVC_LOADER", "SVC_LOADER")


@pytest.mark.parametrize("live", [[], [event(1, "YES")]])
def test_where_nobody_failed_live_the_accounts_history_is_asked(live: list[Any], scope: Scope) -> None:
    """The live function hides others' logins from a role without MONITOR."""
    found = read_logins(snowflake({LIVE: live, YEAR: [event(90)]}), LoginsArguments(), scope)
    assert found.source == "account_usage"
    assert found.worst is not None


@pytest.mark.parametrize(
    "year", [[], [event(99, "YES")], AccessDenied("snowflake", "no"), NotFound("snowflake", "no such schema")]
)
def test_a_history_that_tells_nothing_more_leaves_what_was_seen(year: Any, scope: Scope) -> None:
    """The role may do without ACCOUNT_USAGE; how much was seen live is told."""
    found = read_logins(snowflake({LIVE: [event(1, "YES")], YEAR: year}), LoginsArguments(), scope)
    assert found == Logins((), None, 1, "live")


def test_an_account_that_does_not_answer_is_an_error(scope: Scope) -> None:
    """Half way too: "nobody failed" would be a guess."""
    with pytest.raises(Unreachable):
        read_logins(snowflake({LIVE: [], YEAR: Unreachable("snowflake", "down")}), LoginsArguments(), scope)


@pytest.mark.parametrize(("minutes_ago", "counts"), [(60, True), (60.01, False), (0, True)])
def test_the_window_ends_with_its_hour(minutes_ago: float, counts: bool) -> None:
    """Both ends of it."""
    assert bool(logins_from([event(minutes_ago)], 1, NOW, "live").users) is counts


@pytest.mark.parametrize(("worked", "is_over"), [(1, True), (9, False), (5, False), (10_000, False), (None, False)])
def test_it_is_over_when_a_login_has_worked_since(worked: float | None, is_over: bool) -> None:
    """Since, not at the same moment; a success before the window still tells when it last worked."""
    rows = [event(5)] + ([] if worked is None else [event(worked, "yes", client_ip="10.9.9.9")])
    [user] = logins_from(rows, 1, NOW, "live").users
    assert user.is_over is is_over
    assert user.last_success_ip == ("" if worked is None else "10.9.9.9")


def test_those_who_still_cannot_come_first_then_the_newest() -> None:
    """Ten of them; `attempts` counts all that was seen."""
    rows = [event(number, user=f"U{number:02}") for number in range(20)]
    rows += [event(3, user="BACK"), event(2, "YES", user="BACK")]
    found = logins_from(rows, 1, NOW, "live")
    assert [user.user for user in found.users] == [f"U{number:02}" for number in range(SHOWN)]
    assert (found.worst, found.attempts) == (found.users[0], 22)
    assert logins_from([event(9), *rows[-2:]], 1, NOW, "live").users[-1].user == "BACK"


def test_of_one_user_the_newest_failure_is_explained_whatever_the_order() -> None:
    """All that failed in the window are counted; a row without a time counts nowhere."""
    rows = [
        event(9, error_code=390100, error_message="OLD"),
        event(2, error_code="390422", error_message="NETWORK\n_POLICY " + "x" * 400),
        event(5, error_code=390100, error_message="OLD"),
        event(1, event_timestamp=None),
    ]
    [user] = logins_from(rows, 1, NOW, "live").users
    assert (user.failed, user.code, user.kind) == (3, 390422, "address")
    assert user.name.startswith("NETWORK _POLICY xxx")
    assert len(user.name) == 120


@pytest.mark.parametrize(
    ("kind", "version", "shown"),
    [("JDBC", "3.1", "JDBC 3.1"), ("JDBC", None, "JDBC"), (None, None, ""), ("x" * 99, "1", "x" * 80)],
)
def test_a_client_says_its_kind_and_version(kind: str | None, version: str | None, shown: str) -> None:
    """It reports what it likes."""
    row = event(1, reported_client_type=kind, reported_client_version=version)
    assert logins_from([row], 1, NOW, "live").users[0].client == shown
