"""One query that was cut off: which one it is, its like, and where its time went."""

from datetime import timedelta
from typing import Any

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import AccessDenied, NotFound, Unreachable
from bot.integrations.snowflake.client import CATALOGUE_CAP
from bot.integrations.snowflake.probes.query_profile import (
    EARLIER_SHOWN,
    LIKE_IT,
    NAMED,
    NEWEST,
    SPILLED,
    ProfileArguments,
    QueryProfile,
    profile_from,
    read_profile,
)
from tests.integrations.snowflake.builders import AT, ID, query, snowflake


def profile(*like_it: dict[str, Any], **more: Any) -> QueryProfile:
    """The profile of a query with these earlier runs."""
    return profile_from(query(**more), like_it, (), is_named=True)


def account(**more: Any) -> Any:
    """One that knows the query by its id and as the newest."""
    return snowflake({NAMED: [query()], NEWEST: [query(query_id="newest")], LIKE_IT: [], SPILLED: [], **more})


@pytest.mark.parametrize(
    ("arguments", "more", "found", "is_named"),
    [
        (ProfileArguments(ID), {}, ID, True),
        (ProfileArguments(ID), {NAMED: []}, "newest", False),
        (ProfileArguments("01b8f2a4-00…"), {}, "newest", False),
        (ProfileArguments(), {}, "newest", False),
    ],
)
def test_the_alerts_own_query_or_else_the_newest(
    arguments: ProfileArguments, more: dict[str, Any], found: str, is_named: bool, scope: Scope
) -> None:
    """An id that was cut short names none; nobody is told that the newest is the alert's."""
    told = read_profile(account(**more), arguments, scope)
    assert (told.query_id, told.is_named) == (found, is_named)


def test_no_query_at_all_is_a_fact(scope: Scope) -> None:
    """And its like is not asked for."""
    client = account(**{NEWEST: []})
    assert read_profile(client, ProfileArguments(warehouse=" w "), scope) == QueryProfile(exists=False)
    assert [one.parameters for one in client.asked] == [("W", "W")]


def test_earlier_runs_are_the_last_ones_oldest_first(scope: Scope) -> None:
    """They are read newest first, so that the cap takes the oldest."""
    runs = [query(start_time=AT - timedelta(hours=hour), elapsed_ms=hour * 1000) for hour in range(1, 30)]
    client = account(**{LIKE_IT: runs})
    told = read_profile(client, ProfileArguments(ID), scope)
    assert "ORDER BY START_TIME DESC" in LIKE_IT
    assert [one.elapsed_s for one in told.earlier] == [float(hour) for hour in range(EARLIER_SHOWN, 0, -1)]
    assert [(one.parameters, one.cap) for one in client.asked if one.statement == LIKE_IT] == [
        (("h", ID), CATALOGUE_CAP)
    ]


@pytest.mark.parametrize(
    ("spilled", "told"),
    [
        ([], None),
        ([{"local_bytes": "7", "remote_bytes": 5}], 12),
        ([{"local_bytes": None, "remote_bytes": None}], 0),
        (AccessDenied("snowflake", "no"), None),
        (NotFound("snowflake", "no"), None),
    ],
)
def test_what_spilled_is_unknown_until_somebody_knows(spilled: Any, told: int | None, scope: Scope) -> None:
    """ACCOUNT_USAGE lags, and the role may do without it: none is not zero."""
    assert read_profile(account(**{SPILLED: spilled}), ProfileArguments(ID), scope).spilled_bytes == told


def test_an_account_that_goes_silent_is_an_error(scope: Scope) -> None:
    """For what spilled too."""
    with pytest.raises(Unreachable):
        read_profile(account(**{SPILLED: Unreachable("snowflake", "down")}), ProfileArguments(ID), scope)


@pytest.mark.parametrize(
    ("message", "timeout_s"),
    [
        ("Statement reached its statement or warehouse timeout of 172,800 second(s) and was canceled.", 172800.0),
        ("Statement reached its warehouse timeout of 45 seconds", 45.0),
        ("SQL execution canceled", None),
        ("timeout of many seconds", None),
        (None, None),
    ],
)
def test_the_limit_is_read_from_the_error(message: str | None, timeout_s: float | None) -> None:
    """With commas, or none at all."""
    assert profile(error_message=message).timeout_s == timeout_s


def test_all_three_ways_to_wait_in_the_queue_add_up() -> None:
    """NULL is no time."""
    found = profile(queued_provisioning_time=1000, queued_repair_time=None, queued_overload_time="2500")
    assert (found.queued_s, found.blocked_s, found.run_s) == (3.5, 0.0, 1.0)


def test_usual_is_told_by_successes_alone() -> None:
    """A run that was cut is as long as its limit; it is still shown."""
    runs = [
        query(elapsed_ms=1000, bytes_scanned=10),
        query(elapsed_ms=3000, bytes_scanned=40, execution_status="success"),
        query(elapsed_ms=99_000, bytes_scanned=999, execution_status="FAILED_WITH_ERROR"),
    ]
    found = profile(*runs)
    assert (found.usual_s, found.usual_bytes, found.successes, len(found.earlier)) == (2.0, 25, 2, 3)
    assert profile(runs[2]).usual_s is None
