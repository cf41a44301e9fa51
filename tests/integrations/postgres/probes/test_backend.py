"""Is this one session still there? Told by its pid and the microsecond at which it began."""

from datetime import timedelta

import pytest

from bot.diagnostics.probe import Scope
from bot.errors import EntityError
from bot.integrations.postgres.probes.backend import (
    BACKEND,
    Backend,
    BackendArguments,
    backend_from,
    moment_of,
    read_backend,
)
from tests.integrations.postgres.builders import BEGAN, postgres, session, unseen


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T04:57:11.204816+00:00",
        "2026-11-23 06:57:11.204816+02:00",
        "2026-11-23T04:57:11.204816Z",
        "2026-11-22T23:57:11.204816-05:00",
    ],
)
def test_an_instant_is_the_same_however_it_is_written(text: str) -> None:
    """psycopg2, JSON and people write zones each in their way."""
    assert moment_of(text) == BEGAN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", "backend_start is not a time: 'yesterday'"),
        ("2026-13-01T00:00:00+00:00", "backend_start is not a time: '2026-13-01T00:00:00+00:00'"),
        ("2026-11-23T04:57:11", "backend_start needs an offset from UTC: '2026-11-23T04:57:11'"),
        ("2026-11-23", "backend_start needs an offset from UTC: '2026-11-23'"),
        ("x" * 90, f"backend_start is not a time: '{'x' * 40}'"),
    ],
)
def test_what_names_no_instant_is_refused(text: str, said: str) -> None:
    """A time without a zone could be another session's; the refusal is short whatever was typed."""
    with pytest.raises(EntityError) as refused:
        moment_of(text)
    assert str(refused.value) == said


def test_no_start_takes_whichever_session_has_the_pid(scope: Scope) -> None:
    """Without a start there is nothing to tell sessions apart by; only the pid is asked for, bound."""
    client = postgres({BACKEND: [session()]})
    found = read_backend(client, BackendArguments(4711), scope)
    assert (found.exists, found.pid, found.backend_start) == (True, 4711, BEGAN)
    assert [one.parameters for one in client.asked] == [(4711,)]


@pytest.mark.parametrize(
    ("apart", "exists"), [(timedelta(0), True), (timedelta(microseconds=1), False), (-timedelta(seconds=1), False)]
)
def test_one_microsecond_makes_it_another_session(apart: timedelta, exists: bool) -> None:
    """A pid is given out again; the start is not. What is told of another session is nothing at all."""
    found = backend_from([session()], BEGAN + apart)
    assert found.exists is exists
    assert exists or found == Backend(exists=False)


def test_nonsense_is_refused_before_anything_is_asked(scope: Scope) -> None:
    """The database does not hear of it."""
    client = postgres({})
    with pytest.raises(EntityError, match="is not a time"):
        read_backend(client, BackendArguments(1, "now"), scope)
    assert client.asked == []


def test_a_session_that_says_nothing_of_itself_is_still_there() -> None:
    """No transaction, no name: empty, not missing."""
    row = session(state=None, usename=None, application_name=None, transaction_age_s=None, query=None)
    found = backend_from([row], None)
    assert (found.state, found.user, found.application, found.query, found.transaction_age_s) == ("", "", "", "", 0.0)


def test_a_session_that_we_may_not_see_is_there_all_the_same() -> None:
    """A role without pg_read_all_stats gets NULL for the start: the session exists, and cannot be told from another."""
    assert backend_from([unseen()], None).exists
    assert not backend_from([unseen()], BEGAN).exists
